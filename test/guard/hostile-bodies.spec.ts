import { TEST_POPULATION } from '@identity-verify/contract';
import { IdentityVerifyGuard, RequireVerifiedIdentity, type IdentityInputError } from '@identity-verify/nestjs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Injectable, Logger, Post, UseGuards, type ExecutionContext } from '@nestjs/common';
import request from 'supertest';
import { startApplication, type GuardedApplication, type Platform } from './guarded.application.js';

const [person] = TEST_POPULATION;
const json = (body: object) => JSON.stringify(body);
const deep = (open: string, close: string, depth: number) => open.repeat(depth) + '1' + close.repeat(depth);
const MEGABYTE = 'x'.repeat(90_000);

/** Bodies that are valid JSON but not an identity. */
const BODIES: readonly (readonly [string, string])[] = [
  ['lists nested 40,000 deep', `{"name":${deep('[', ']', 40_000)},"idCard":"1","mobile":"2"}`],
  ['objects nested 15,000 deep', `{"name":"${person.name}","idCard":${deep('{"a":', '}', 15_000)},"mobile":"2"}`],
  ['lists nested deep as the body itself', deep('[', ']', 40_000)],
  ['a prototype', `{"__proto__":${json(person)}}`],
  ['a toJSON', json({ ...person, mobile: { toJSON: 1 } })],
  ['numbers', json({ name: 1, idCard: 2, mobile: 3 })],
  ['null', json({ name: null, idCard: null, mobile: null })],
  ['lists of one text', json({ name: [person.name], idCard: [person.idCard], mobile: [person.mobile] })],
  ['a text as long as the body may be', json({ ...person, name: MEGABYTE })],
  ['an ID number as long as the body may be', json({ ...person, idCard: '１'.repeat(30_000) })],
  ['a list', json([person])],
];

let running: GuardedApplication | undefined;
let warned: string[];
beforeEach(() => {
  warned = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => void warned.push(String(message)));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await running?.app.close();
  running = undefined;
});

const start = async (...setup: Parameters<typeof startApplication>) => (running = await startApplication(...setup));
const send = ({ app }: GuardedApplication, body: string, type = 'application/json', path = '/enrolments') =>
  request(app.getHttpServer() as never)
    .post(path)
    .set('Content-Type', type)
    .send(body);

describe.each<Platform>(['express', 'fastify'])('on %s', (platform) => {
  it.each(BODIES)('answers %s with 422, and makes no call', async (_what, body) => {
    const running = await start(platform);
    const { status, body: problem } = await send(running, body);
    // Fastify refuses a body with `__proto__` before guards run.
    expect(status).toBe(platform === 'fastify' && body.includes('__proto__') ? 400 : 422);
    if (status === 422) expect(problem).toMatchObject({ code: 'IDV_INPUT_INVALID', violations: expect.any(Array) });
    running.upstream.expectCalls(0);
  });

  it('refuses a tenant that is not a string', async () => {
    @Injectable()
    class TenantGuard extends IdentityVerifyGuard {
      protected override tenantOf(context: ExecutionContext): string {
        return context.switchToHttp().getRequest<{ body: { tenant: string } }>().body.tenant;
      }
    }
    @Controller()
    class TenantController {
      @UseGuards(TenantGuard)
      @Post('tenants')
      handle() {
        return {};
      }
    }
    const running = await start(platform, {
      controllers: [TenantController],
      options: { tenants: () => ({ credentials: { appCode: 'of-tenant' } }) },
    });
    const body = `{${json(person).slice(1, -1)},"tenant":${deep('[', ']', 40_000)}}`;
    const { status, body: problem } = await send(running, body, 'application/json', '/tenants');
    expect([status, problem.code]).toEqual([503, 'IDV_TENANT_UNRESOLVED']);
    running.upstream.expectCalls(0);
  });

  it('answers an unparsed text body with the media type to send, and warns the operator once', async () => {
    const running = await start(platform);
    const { status, body } = await send(running, json(person), 'text/plain');
    expect([status, body.detail]).toEqual([422, 'The body (text/plain) was not read. Send application/json.']);
    await send(running, json(person), 'text/plain; charset=utf-8');
    expect(warned.filter((line) => line.includes('text/plain'))).toHaveLength(1);
    expect(warned.join()).not.toContain(person.mobile);
  });

  it('reports three missing fields for an absent body, and does not warn the operator', async () => {
    const running = await start(platform);
    const { status, body } = await request(running.app.getHttpServer() as never).post('/enrolments');
    expect([status, body.detail]).toEqual([422, undefined]);
    expect(warned).toEqual([]);
  });

  it('treats an empty JSON object as a body that was read', async () => {
    const running = await start(platform);
    expect((await send(running, '{}')).body.detail).toBeUndefined();
    expect(warned).toEqual([]);
  });
});

describe('a form with files', () => {
  const form = (running: GuardedApplication) =>
    request(running.app.getHttpServer() as never)
      .post('/enrolments')
      .field('name', person.name)
      .field('idCard', person.idCard)
      .field('mobile', person.mobile)
      .attach('photo', Buffer.from('a photo'), 'photo.jpg');

  it('is reported as unread on Express, and the operator is told where to parse it', async () => {
    const running = await start('express');
    const { status, body } = await form(running);
    expect([status, body.code, body.detail]).toEqual([
      422,
      'IDV_INPUT_INVALID',
      'The body (multipart/form-data) was not read. Send application/json.',
    ]);
    expect(warned).toEqual([expect.stringMatching(/FileInterceptor run after guards.*middleware/)]);
    running.upstream.expectCalls(0);
  });

  it('is reported as unread on Fastify when its parser leaves the body unread', async () => {
    const running = await start('fastify', {
      before: (app) =>
        app
          .getHttpAdapter()
          .getInstance()
          .addContentTypeParser(
            'multipart/form-data',
            (_request: unknown, payload: NodeJS.ReadableStream, done: (error: null) => void) => {
              payload.resume();
              done(null);
            },
          ),
    });
    const { status, body } = await form(running);
    expect([status, body.detail]).toEqual([422, 'The body (multipart/form-data) was not read. Send application/json.']);
    expect(warned).toHaveLength(1);
  });

  it('does not reach the guard on Fastify without a parser', async () => {
    const running = await start('fastify');
    expect((await form(running)).status).toBe(415);
  });

  it('is distinguished from JSON without a body parser', async () => {
    const running = await start('express', { bodyParser: false });
    const { status } = await send(running, json(person));
    expect(status).toBe(422);
    expect(warned).toEqual([expect.stringContaining("Nest's body parser")]);
  });

  it('does not log the media type that the caller sent', async () => {
    const running = await start('express');
    await send(running, 'x', `application/${person.mobile}`);
    expect(warned).toEqual([expect.stringContaining('another media type')]);
  });
});

describe('an identity returned by `from`', () => {
  const unreadable = {
    get name(): string {
      throw new Error(person.idCard);
    },
  };
  const cyclic: Record<string, unknown> = { ...person };
  cyclic['name'] = cyclic;
  let reads = 0;
  const changing = {
    ...person,
    get name() {
      return reads++ === 0 ? person.name : '测试乙';
    },
  };

  it.each([
    ['a getter that throws', unreadable, 422],
    ['a cycle', cyclic, 422],
    ['a BigInt', { ...person, mobile: 16000020001n }, 422],
    ['a symbol', { ...person, mobile: Symbol('m') }, 422],
    ['a function', () => person, 422],
    ['a String object', { ...person, name: new String(person.name) }, 422],
    ['a text', json(person), 422],
    ['a getter that changes its mind, which is read once', changing, 201],
  ])('%s', async (_what, given, expected) => {
    @Controller()
    class FromController {
      @RequireVerifiedIdentity({ from: () => given })
      @Post('from')
      handle() {
        return {};
      }
    }
    const running = await start('express', { controllers: [FromController] });
    const { status, text } = await send(running, '{}', 'application/json', '/from');
    expect(status).toBe(expected);
    expect(text).not.toContain(person.idCard);
    if (expected === 201) running.upstream.expectAsked({ name: person.name } satisfies Partial<typeof person>);
    else expect(JSON.parse(text) as IdentityInputError).toMatchObject({ code: 'IDV_INPUT_INVALID' });
  });
});
