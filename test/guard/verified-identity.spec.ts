import { TEST_POPULATION } from '@identity-verify/contract';
import {
  RequireVerifiedIdentity,
  verificationOf,
  verifiedIdentityOf,
  VerifiedIdentity,
  type Verification,
} from '@identity-verify/nestjs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, ConsoleLogger, Controller, createParamDecorator, Post, type ExecutionContext } from '@nestjs/common';
import fc from 'fast-check';
import { inspect } from 'node:util';
import request from 'supertest';
import { startApplication, type GuardedApplication, type Platform } from './guarded.application.js';

const [person, otherPerson] = TEST_POPULATION;
const identity = { name: person.name, idCard: person.idCard, mobile: person.mobile };

let running: GuardedApplication | undefined;
afterEach(async () => {
  await running?.app.close();
  running = undefined;
});

const Context = createParamDecorator((_data: unknown, context: ExecutionContext) => context);
let seen: VerifiedIdentity | undefined;

@Controller()
class EnrolmentsController {
  @RequireVerifiedIdentity()
  @Post('enrolments')
  enrol(@VerifiedIdentity() verified: VerifiedIdentity, @Body() _body: unknown) {
    seen = verified;
    const { name, idCard, mobile } = verified;
    return { name, idCard, mobile };
  }

  @RequireVerifiedIdentity({ onUnavailable: 'allow' })
  @Post('open')
  open(@VerifiedIdentity() verified: VerifiedIdentity | undefined) {
    return { verified: verified ?? 'unverified' };
  }

  @RequireVerifiedIdentity({ instance: 'lending', from: fieldOf('borrower') })
  @Post('loans')
  lend(@VerifiedIdentity('lending') borrower: VerifiedIdentity, @VerifiedIdentity('other') other: unknown) {
    return { borrower: borrower.mobile, other: other ?? null };
  }

  @RequireVerifiedIdentity()
  @Post('by-context')
  byContext(@Context() context: ExecutionContext) {
    return {
      verification: verificationOf(context),
      mobile: verifiedIdentityOf(context)?.mobile,
      other: verifiedIdentityOf(context, 'lending') ?? null,
    };
  }

  @RequireVerifiedIdentity()
  @Post('dump')
  dump(@Context() context: ExecutionContext) {
    const request = context.switchToHttp().getRequest<{ body?: unknown }>();
    delete request.body;
    const wholePerson = verifiedIdentityOf(context)?.idCard === person.idCard;
    return { wholePerson, printed: inspect(request, { depth: 4, showHidden: true }) };
  }
}

function fieldOf(name: string) {
  return (context: ExecutionContext) =>
    context.switchToHttp().getRequest<{ body: Record<string, unknown> }>().body[name];
}

const start = async (platform: Platform) =>
  (running = await startApplication(platform, { controllers: [EnrolmentsController] }));
const post = ({ app }: GuardedApplication, path: string, body: object) =>
  request(app.getHttpServer() as never)
    .post(path)
    .send(body);

const fullWidth = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

describe.each<Platform>(['express', 'fastify'])('@VerifiedIdentity() on %s', (platform) => {
  it.each([
    ['as it is', identity],
    ['full-width digits', { ...identity, idCard: fullWidth(person.idCard), mobile: fullWidth(person.mobile) }],
    [
      'blanks around and between',
      { name: ` ${person.name} `, idCard: ` ${person.idCard} `, mobile: spaced(person.mobile) },
    ],
    ['a country code', { ...identity, mobile: `+86 ${person.mobile}` }],
    ['further fields', { ...identity, isAdmin: true }],
  ])('is normalised: %s', async (_what, body) => {
    const running = await start(platform);
    const { status, body: told } = await post(running, '/enrolments', body);
    expect([status, told]).toEqual([201, identity]);
  });

  it('is undefined when a request passes without an answer', async () => {
    const running = await start(platform);
    running.upstream.verifyReturns('unreachable');
    expect((await post(running, '/open', identity)).body).toEqual({ verified: 'unverified' });
  });

  it('belongs to the named instance only', async () => {
    const running = await start(platform);
    const { body } = await post(running, '/loans', { ...identity, borrower: otherPerson });
    expect(body).toEqual({ borrower: otherPerson.mobile, other: null });
  });

  it('is also available to an interceptor, with the verification', async () => {
    const running = await start(platform);
    const { body } = await post(running, '/by-context', { ...identity, mobile: fullWidth(person.mobile) });
    expect(body).toEqual({
      verification: expect.objectContaining({ outcome: 'match', code: '10000' }),
      mobile: person.mobile,
      other: null,
    });
    expect(Object.keys(body.verification as object)).not.toContain('mobile');
  });
});

describe('the verification of a handler', () => {
  it('does not show the identity in logs, inspect output or JSON', async () => {
    const running = await start('express');
    await post(running, '/enrolments', identity);
    const verified = seen!;
    const printed: string[] = [];
    const logger = new ConsoleLogger({ colors: false });
    (logger as unknown as { printMessages(messages: unknown[]): void }).printMessages = (messages) =>
      printed.push(inspect(messages, { depth: 9 }));
    logger.log(verified);
    printed.push(
      inspect(verified, { depth: 9, showHidden: true }),
      inspect({ nested: [verified] }, { depth: 9 }),
      JSON.stringify({ verified }),
      JSON.stringify({ ...verified }),
      JSON.stringify(Object.entries(verified)),
    );
    expect(printed.length).toBeGreaterThan(5);
    for (const text of printed) expect(text).not.toMatch(new RegExp(Object.values(identity).join('|')));
    expect(JSON.parse(JSON.stringify(verified)) as Verification).toMatchObject({ outcome: 'match', code: '10000' });
  });

  it('is not stored on the request', async () => {
    const running = await start('express');
    const { body } = await post(running, '/dump', identity);
    expect(body).toEqual({ wholePerson: true, printed: expect.stringContaining('method:') });
    expect(body.printed).not.toMatch(new RegExp(Object.values(identity).join('|')));
  });

  it('is equal for every spelling of a person', async () => {
    const running = await start('express');
    const blanks = fc.constantFrom('', ' ', '  ', '\u3000', '\t');
    const width = fc.constantFrom((text: string) => text, fullWidth);
    const prefix = fc.constantFrom('', '86', '+86', '0086', '+86-');
    await fc.assert(
      fc.asyncProperty(blanks, blanks, width, width, prefix, async (before, after, ofId, ofMobile, country) => {
        const { status, body } = await post(running, '/enrolments', {
          name: before + person.name + after,
          idCard: before + ofId(person.idCard.toLowerCase()) + after,
          mobile: before + ofMobile(country + person.mobile) + after,
        });
        expect([status, body]).toEqual([201, identity]);
      }),
      { numRuns: 50 },
    );
    running.upstream.expectCalls(1);
  });
});

function spaced(mobile: string): string {
  return `${mobile.slice(0, 3)} ${mobile.slice(3, 7)} ${mobile.slice(7)}`;
}
