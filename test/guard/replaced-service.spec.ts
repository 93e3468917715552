import { TEST_POPULATION } from '@identity-verify/contract';
import {
  getIdentityVerifyToken,
  IdentityVerifyExceptionFilter,
  IdentityVerifyModule,
  IdentityVerifyService,
  RequireVerifiedIdentity,
  VerifiedIdentity,
  type Identity,
  type Verification,
} from '@identity-verify/nestjs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Post, type INestApplication } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import request from 'supertest';

const [person] = TEST_POPULATION;

@Controller()
class EnrolmentsController {
  @RequireVerifiedIdentity()
  @Post('enrolments')
  enrol(@VerifiedIdentity() { name, outcome }: VerifiedIdentity) {
    return { name, outcome };
  }

  @RequireVerifiedIdentity({ instance: 'lending' })
  @Post('loans')
  lend(@VerifiedIdentity() { mobile, outcome }: VerifiedIdentity) {
    return { mobile, outcome };
  }
}

let app: INestApplication | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** Starts an application whose service is replaced by an object with the one method that the guard calls. */
async function start(token: symbol | typeof IdentityVerifyService, outcome: Verification['outcome']) {
  const asked: Identity[] = [];
  const verify = async (identity: Identity): Promise<Verification> => {
    asked.push(identity);
    return { outcome, code: '10000', billed: 'no', source: 'upstream', answeredAt: new Date(0) };
  };
  const module = await Test.createTestingModule({
    imports: [
      IdentityVerifyModule.forRoot({ credentials: { appCode: 'code' } }),
      IdentityVerifyModule.forRoot({ name: 'lending', credentials: { appCode: 'code' } }),
    ],
    controllers: [EnrolmentsController],
    providers: [{ provide: APP_FILTER, useClass: IdentityVerifyExceptionFilter }],
  })
    .overrideProvider(token)
    .useValue({ verify })
    .compile();
  app = module.createNestApplication({ logger: false });
  await app.init();
  const server = app.getHttpServer() as never;
  return { asked, post: (path: string, body: object = person) => request(server).post(path).send(body) };
}

describe.each([
  ['its class', IdentityVerifyService, '/enrolments', { name: person.name }],
  ['its token', getIdentityVerifyToken(), '/enrolments', { name: person.name }],
  ['the token of a named one', getIdentityVerifyToken('lending'), '/loans', { mobile: person.mobile }],
] as const)('a service replaced by { verify } under %s', (_what, token, path, told) => {
  it('lets a match through, with the identity normalised', async () => {
    const { post, asked } = await start(token, 'match');
    const { status, body } = await post(path, { ...person, name: ` ${person.name} `, mobile: `+86${person.mobile}` });
    expect([status, body]).toEqual([201, { ...told, outcome: 'match' }]);
    expect(asked).toEqual([{ name: person.name, idCard: person.idCard, mobile: person.mobile }]);
  });

  it('refuses any other outcome', async () => {
    const { post } = await start(token, 'mismatch');
    expect((await post(path)).status).toBe(403);
  });

  it('accepts its answer for strings that are not a valid identity, but not for other values', async () => {
    const { post } = await start(token, 'match');
    expect((await post(path, { name: 'somebody', idCard: '1', mobile: '2' })).status).toBe(201);
    expect((await post(path, { name: { first: 'somebody' }, idCard: '1' })).status).toBe(422);
  });
});
