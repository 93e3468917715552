import { TEST_POPULATION } from '@identity-verify/contract';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  IdentityInputError,
  IdentityVerifyGuard,
  IdentityVerifyService,
  REQUIRE_VERIFIED_IDENTITY,
  SkipIdentityVerification,
  verificationOf,
  verifiedIdentityOf,
  type RequireVerifiedIdentityOptions,
} from './index.js';
import { FakeUpstream } from './testing/fake.upstream.js';
import { DEFAULT_INSTANCE, getDenialFloorToken, getIdentityVerifyToken } from './identity-verify.tokens.js';
import {
  IdentityVerifyTestingModule,
  type IdentityVerifyTestingOptions,
} from './testing/identity-verify.testing-module.js';
import { ManualClock } from './testing/manual.clock.js';
import type { Verification } from './verification/verification.types.js';

const [person, stranger] = TEST_POPULATION;

/** The invocation of a handler whose identity is the argument at this index. */
function invocation(
  type: string,
  args: unknown[],
  at: number,
  more: RequireVerifiedIdentityOptions = {},
): ExecutionContext {
  const handler = () => undefined;
  Reflect.defineMetadata(REQUIRE_VERIFIED_IDENTITY, { from: () => args[at], ...more }, handler);
  return { getType: () => type, getArgs: () => args, getHandler: () => handler, getClass: () => Object } as never;
}

async function open(options: IdentityVerifyTestingOptions['options'] = {}, Guard = IdentityVerifyGuard) {
  const upstream = new FakeUpstream().verifyReturnsFor(stranger, 'mismatch');
  const clock = new ManualClock();
  const app = await Test.createTestingModule({
    imports: [IdentityVerifyTestingModule.forRoot({ upstream, options: { clock, ...options } })],
  }).compile();
  const guard = new Guard(app.get(Reflector), app.get(ModuleRef));
  return { upstream, clock, guard, service: app.get(IdentityVerifyService) };
}

describe('a match does not apply to another identity', () => {
  it.each([
    ['a second message of one WebSocket client', 'ws', { socket: 1 }, 1],
    ['a second field of one GraphQL parent', 'graphql', { parent: 1 }, 1],
  ])('%s', async (_what, type, shared, at) => {
    const { guard } = await open();
    const [first, second] = [person, stranger].map((who) => invocation(type, [shared, { ...who }, {}, {}], at));
    expect(await guard.canActivate(first!)).toBe(true);
    await expect(guard.canActivate(second!)).rejects.toMatchObject({ status: 403 });
    expect(verificationOf(first!)?.outcome).toBe('match');
    expect(verificationOf(second!)).toBeUndefined();
  });

  it('in a second guard of the same request', async () => {
    const { guard, upstream } = await open();
    const request = {};
    expect(await guard.canActivate(invocation('http', [request, {}, person], 2))).toBe(true);
    expect(await guard.canActivate(invocation('http', [request, {}, { ...person }], 2))).toBe(true);
    await expect(guard.canActivate(invocation('http', [request, {}, stranger], 2))).rejects.toMatchObject({
      status: 403,
    });
    upstream.expectCalls(2);
  });
});

describe('the verification of an invocation', () => {
  it('is separate for references of one GraphQL operation, which share their context', async () => {
    const { guard, upstream } = await open();
    upstream.verifyReturnsFor(stranger, 'match');
    const [context, info] = [{}, {}];
    const [first, second] = [person, stranger].map((who) => invocation('graphql', [{ ...who }, context, info], 0));
    await Promise.all([guard.canActivate(first!), guard.canActivate(second!)]);
    expect(verifiedIdentityOf(first!)?.mobile).toBe(person.mobile);
    expect(verifiedIdentityOf(second!)?.mobile).toBe(stranger.mobile);
  });

  it('is stored by the context of a message whose data is a string', async () => {
    const { guard } = await open();
    const message = invocation('rpc', [JSON.stringify(person), {}], 0, { from: () => ({ ...person }) });
    expect(await guard.canActivate(message)).toBe(true);
    expect(verifiedIdentityOf(message)?.idCard).toBe(person.idCard);
  });

  it('is that of the last guard', async () => {
    const { guard, upstream } = await open();
    upstream.verifyReturnsFor(stranger, 'match');
    const request = {};
    for (const who of [person, stranger, person]) {
      await guard.canActivate(invocation('http', [request, {}, who], 2));
      expect(verifiedIdentityOf(invocation('http', [request], 0))?.mobile).toBe(who.mobile);
    }
  });

  it('is undefined after a later guard lets the invocation through without an answer', async () => {
    const { guard, upstream } = await open();
    upstream.verifyReturnsFor(stranger, 'unreachable');
    const request = {};
    await guard.canActivate(invocation('http', [request, {}, person], 2));
    expect(await guard.canActivate(invocation('http', [request, {}, stranger], 2, { onUnavailable: 'allow' }))).toBe(
      true,
    );
    expect(verifiedIdentityOf(invocation('http', [request], 0))).toBeUndefined();
  });

  it('is not reused by a later guard that requires a fresh answer', async () => {
    const { guard, upstream } = await open();
    const ask = (request: object, maxAgeMs?: number) =>
      guard.canActivate(invocation('http', [request, {}, person], 2, { verify: { maxAgeMs } }));
    const [first, second] = [{}, {}];
    await ask(first);
    await ask(first, 0);
    upstream.expectCalls(1);
    await ask(second);
    upstream.expectCalls(1);
    await ask(second, 0);
    upstream.expectCalls(2);
  });
});

describe('an answer in memory', () => {
  const route = (who: object, more: RequireVerifiedIdentityOptions = {}) => invocation('http', [{}, {}, who], 2, more);

  it('lets a request through without a promise, and is noted for the handler', async () => {
    const { guard, upstream } = await open();
    expect(guard.canActivate(route(person))).toBeInstanceOf(Promise);
    await new Promise(setImmediate);
    const again = route(person);
    expect(guard.canActivate(again)).toBe(true);
    expect(verificationOf(again)?.source).toBe('ledger');
    upstream.expectCalls(1);
  });

  it('denies by a rejection, and so does an input that is refused at once', async () => {
    const { guard } = await open();
    await expect(guard.canActivate(route(stranger))).rejects.toMatchObject({ status: 403 });
    await expect(guard.canActivate(route(stranger))).rejects.toMatchObject({ status: 403 });
    await expect(guard.canActivate(route({ ...person, idCard: '1' }))).rejects.toMatchObject({ status: 422 });
    await expect(guard.canActivate(route({}))).rejects.toMatchObject({ status: 422 });
  });

  it('waits for a function that gives the identity later', async () => {
    const { guard } = await open();
    await guard.canActivate(route(person));
    const later = guard.canActivate(route({}, { from: async () => person }));
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toBe(true);
  });

  it('is asked for with a `verify` that replaces that of the service', async () => {
    const { guard, service } = await open();
    const questions: unknown[] = [];
    const { verify } = service;
    service.verify = (identity, how) => (questions.push(identity), verify.call(service, identity, how));
    for (let i = 0; i < 2; i++) expect(await guard.canActivate(route(person))).toBe(true);
    expect(questions).toHaveLength(2);
  });
});

describe('the decorators of a handler and its class', () => {
  const by = (handler: object, owner: object): ExecutionContext =>
    ({ getType: () => 'http', getArgs: () => [{}], getHandler: () => handler, getClass: () => owner }) as never;
  const of = (who: object): RequireVerifiedIdentityOptions => ({ from: () => who });
  const decorated = <T extends object>(target: T, value: unknown) => {
    Reflect.defineMetadata(REQUIRE_VERIFIED_IDENTITY, value, target);
    return target;
  };

  it('are read once', async () => {
    const { guard } = await open();
    const handler = decorated(() => undefined, of(person));
    expect(await guard.canActivate(by(handler, Object))).toBe(true);
    decorated(handler, of(stranger));
    expect(await guard.canActivate(by(handler, Object))).toBe(true);
  });

  it('are read for each class that inherits the handler', async () => {
    const { guard } = await open();
    const handler = () => undefined;
    const [known, unknown] = [class {}, class {}];
    decorated(known, of(person));
    decorated(unknown, of(stranger));
    for (let i = 0; i < 2; i++) {
      expect(await guard.canActivate(by(handler, known))).toBe(true);
      await expect(guard.canActivate(by(handler, unknown))).rejects.toMatchObject({ status: 403 });
    }
  });

  it('let a request through at once where verification is skipped', async () => {
    const { guard, upstream } = await open();
    class Skipping {}
    SkipIdentityVerification()(Skipping);
    expect(guard.canActivate(by(() => undefined, Skipping))).toBe(true);
    upstream.expectCalls(0);
  });
});

describe('the identity', () => {
  it('is the body of the request by default, and never more than three fields of it', async () => {
    const { guard, service } = await open();
    const asked: unknown[] = [];
    service.verify = async (identity) => (asked.push(identity), { outcome: 'match' } as Verification);
    const ask = (body: unknown) => guard.canActivate(during({ body: body as object }));
    expect(await ask({ ...person, isAdmin: true })).toBe(true);
    expect(asked).toEqual([{ name: person.name, idCard: person.idCard, mobile: person.mobile }]);
  });

  it('is normalised before it is asked about', async () => {
    const { guard, service } = await open();
    const asked: unknown[] = [];
    service.verify = async (identity) => (asked.push(identity), { outcome: 'match' } as Verification);
    await guard.canActivate(during({ body: { ...person, mobile: ` ${person.mobile} ` } }));
    expect(asked).toEqual([{ name: person.name, idCard: person.idCard, mobile: person.mobile }]);
  });

  it.each([
    ['a request without a body', {}],
    ['no request', undefined],
    ['a body that is null', { body: null }],
    [
      'a field that cannot be read',
      {
        body: {
          get name() {
            throw new Error('private');
          },
        },
      },
    ],
  ])('is missing, and is not asked about: %s', async (_what, request) => {
    const { guard, upstream } = await open();
    await expect(guard.canActivate(during(request))).rejects.toMatchObject({ status: 422 });
    upstream.expectCalls(0);
  });

  it.each(['name', 'idCard', 'mobile'])(
    'is refused when its %s is no text, even if the service takes it',
    async (field) => {
      const { guard, service } = await open();
      service.verify = async () => ({ outcome: 'match' }) as Verification;
      const context = during({ body: { ...person, [field]: 1 } });
      await expect(guard.canActivate(context)).rejects.toMatchObject({
        status: 422,
        response: { code: 'IDV_INPUT_INVALID', violations: [{ field }] },
      });
      expect(verificationOf(context)).toBeUndefined();
    },
  );

  it('in texts is left to the service, which may know better', async () => {
    const { guard, service } = await open();
    service.verify = async () => ({ outcome: 'match' }) as Verification;
    expect(await guard.canActivate(during({ body: { name: '', idCard: '', mobile: '' } }))).toBe(true);
  });

  it('that rejects denies the request', async () => {
    const { guard } = await open();
    const failed = new Error('no such session');
    const from = () => Promise.reject(failed);
    await expect(guard.canActivate(invocation('http', [{}], 0, { from }))).rejects.toBe(failed);
  });

  it('that throws denies the request by a rejection', async () => {
    const { guard } = await open();
    const failed = new Error('no such session');
    const from = () => {
      throw failed;
    };
    await expect(guard.canActivate(invocation('http', [{}], 0, { from }))).rejects.toBe(failed);
  });
});

describe('the tenant of a guard', () => {
  let tenant: string | undefined | Promise<string | undefined>;
  class TenantGuard extends IdentityVerifyGuard {
    protected override tenantOf() {
      return tenant;
    }
  }
  const how = { purpose: 'enrolment' };

  it.each([
    ['of a text', 'bank', { ...how, tenant: 'bank' }],
    ['that comes later', Promise.resolve('bank'), { ...how, tenant: 'bank' }],
    ['that is absent', undefined, how],
  ])('is asked with: one %s', async (_what, given, expected) => {
    const { guard, service } = await open({}, TenantGuard);
    tenant = given;
    const asked: unknown[] = [];
    service.verify = async (_identity, options) => (asked.push(options), { outcome: 'match' } as Verification);
    await guard.canActivate(invocation('http', [{}, {}, person], 2, { verify: how }));
    expect(asked).toStrictEqual([expected]);
  });

  it('separates the answers of one request', async () => {
    const { guard, service } = await open({}, TenantGuard);
    let calls = 0;
    service.verify = async () => (calls++, { outcome: 'match' } as Verification);
    const request = {};
    for (tenant of ['bank', 'bank', 'shop']) await guard.canActivate(invocation('http', [request, {}, person], 2));
    expect(calls).toBe(2);
  });
});

describe('an earlier answer of the same request', () => {
  it('is not needed by a guard that requires a fresh one', async () => {
    const { guard } = await open();
    expect(await guard.canActivate(invocation('http', [{}, {}, person], 2, { verify: { maxAgeMs: 0 } }))).toBe(true);
  });

  it('is asked for again where its outcome is not let in', async () => {
    const { guard, upstream } = await open();
    const request = {};
    const ask = (more: RequireVerifiedIdentityOptions) =>
      guard.canActivate(invocation('http', [request, {}, stranger], 2, more));
    expect(await ask({ outcomes: ['mismatch'] })).toBe(true);
    upstream.verifyReturnsFor(stranger, 'match');
    expect(await ask({ verify: { maxAgeMs: 0 } })).toBe(true);
    upstream.expectCalls(2);
  });

  it('from the ledger is not fresh, and is asked for again', async () => {
    const { guard, service } = await open();
    const asked: unknown[] = [];
    service.verify = async (_identity, how) => (
      asked.push(how),
      { outcome: 'match', source: 'ledger' } as Verification
    );
    const request = {};
    for (const maxAgeMs of [undefined, 1_000]) {
      await guard.canActivate(invocation('http', [request, {}, person], 2, { verify: { maxAgeMs } }));
    }
    expect(asked).toHaveLength(2);
  });

  it('of another instance is not used', async () => {
    const { guard, upstream } = await openTwo();
    const request = {};
    upstream.lending.verifyReturns('mismatch');
    expect(await guard.canActivate(asked(request, person))).toBe(true);
    await expect(guard.canActivate(asked(request, person, { instance: 'lending' }))).rejects.toMatchObject({
      status: 403,
    });
    upstream.standard.expectCalls(1);
    upstream.lending.expectCalls(1);
  });

  it('of another instance remains when this one has none', async () => {
    const { guard, upstream } = await openTwo();
    const request = {};
    const lending = { instance: 'lending', onUnavailable: 'allow' } as const;
    upstream.lending.verifyReturns('match', 'unreachable');
    for (const context of [
      asked(request, person),
      asked(request, person, lending),
      asked(request, stranger, lending),
    ]) {
      expect(await guard.canActivate(context)).toBe(true);
    }
    expect(verificationOf(during(request), 'lending')).toBeUndefined();
    expect(verificationOf(during(request))?.outcome).toBe('match');
  });

  const asked = (request: object, who: object, more: RequireVerifiedIdentityOptions = {}) =>
    invocation('http', [request, {}, who], 2, more);

  async function openTwo() {
    const upstream = { standard: new FakeUpstream(), lending: new FakeUpstream() };
    const app = await Test.createTestingModule({
      imports: [
        IdentityVerifyTestingModule.forRoot({ upstream: upstream.standard }),
        IdentityVerifyTestingModule.forRoot({ upstream: upstream.lending, name: 'lending' }),
      ],
    }).compile();
    return { upstream, guard: new IdentityVerifyGuard(app.get(Reflector), app.get(ModuleRef)) };
  }
});

describe('a request without an answer', () => {
  let warned: string[];
  beforeEach(() => {
    warned = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => void warned.push(String(message)));
  });
  afterEach(() => void jest.restoreAllMocks());

  it.each([undefined, 'deny'] as const)('is denied: onUnavailable %s', async (onUnavailable) => {
    const { guard, upstream } = await open();
    upstream.verifyReturns('unreachable');
    const asked = guard.canActivate(invocation('http', [{}, {}, person], 2, { onUnavailable }));
    await expect(asked).rejects.toMatchObject({ status: 503 });
    expect(warned).toEqual([]);
  });

  it('is let through where the route says so, and the operator is told', async () => {
    const { guard, upstream } = await open();
    upstream.verifyReturns('unreachable');
    expect(await guard.canActivate(invocation('http', [{}, {}, person], 2, { onUnavailable: 'allow' }))).toBe(true);
    expect(warned).toEqual(["Let a request through unverified (`onUnavailable: 'allow'`): IDV_CONNECT_FAILED."]);
    expect(jest.mocked(Logger.prototype.warn).mock.contexts).toEqual([
      expect.objectContaining({ context: 'IdentityVerify' }),
    ]);
  });

  it('is denied all the same when it is not an outage, or no error of the service', async () => {
    const { guard, service } = await open();
    const ask = () => guard.canActivate(invocation('http', [{}, {}, person], 2, { onUnavailable: 'allow' }));
    const violation = { field: 'name', reason: 'name_format', message: '', messageZh: '' } as const;
    service.verify = () => Promise.reject(new IdentityInputError('IDV_INPUT_INVALID', [violation]));
    await expect(ask()).rejects.toMatchObject({ status: 422 });
    const failed = new TypeError('a bug');
    service.verify = () => Promise.reject(failed);
    await expect(ask()).rejects.toBe(failed);
    expect(warned).toEqual([]);
  });

  it('because its body was not read tells the caller, and the operator once for each media type', async () => {
    const { guard } = await open();
    const send = (mediaType: string) =>
      guard.canActivate(during({ headers: { 'content-type': mediaType, 'content-length': '9' } }));
    for (const mediaType of ['text/plain', 'text/plain', 'application/json']) {
      await expect(send(mediaType)).rejects.toMatchObject({
        response: { detail: `The body (${mediaType}) was not read. Send application/json.` },
      });
    }
    expect(warned).toEqual([
      expect.stringContaining('(text/plain) that nothing had parsed'),
      expect.stringContaining('(application/json) that nothing had parsed'),
    ]);
  });

  it('says nothing about the body where the identity is taken from elsewhere, or the upstream is down', async () => {
    const { guard, upstream } = await open();
    upstream.verifyReturns('unreachable');
    const request = { body: Buffer.from('x'), headers: { 'content-type': 'text/plain', 'content-length': '9' } };
    const ask = (who: unknown) => {
      const { getHandler } = invocation('http', [], 0, { from: () => who });
      return guard.canActivate({ ...during(request), getHandler } as never);
    };
    for (const [who, status] of [
      [{}, 422],
      [person, 503],
    ] as const) {
      const error: unknown = await Promise.resolve(ask(who)).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ status });
      expect((error as { response: object }).response).not.toHaveProperty('detail');
    }
    expect(warned).toEqual([]);
  });
});

describe('a guard that takes the identity from elsewhere', () => {
  it('does not blame an unread body when the upstream is down', async () => {
    class SessionGuard extends IdentityVerifyGuard {
      protected override extractIdentity() {
        return person;
      }
    }
    const { guard, upstream } = await open({}, SessionGuard);
    upstream.verifyReturns('unreachable');
    const request = { headers: { 'content-type': 'text/plain', 'content-length': '9' } };
    const error = await Promise.resolve(guard.canActivate(during(request))).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 503 });
    expect((error as { response: object }).response).not.toHaveProperty('detail');
  });
});

describe('the error of a request that is not let through', () => {
  const errorOf = async (who: object) => {
    const { guard } = await open();
    return Promise.resolve(guard.canActivate(invocation('http', [{}, {}, who], 2))).catch((thrown: unknown) => thrown);
  };

  it('says the same for HTTP and for GraphQL when it is denied, and nothing about the reason', async () => {
    const problem = {
      type: 'urn:identity-verify:denied',
      title: 'The identity could not be verified',
      status: 403,
      code: 'IDV_DENIED',
    };
    expect(await errorOf(stranger)).toMatchObject({ response: problem, extensions: problem });
  });

  it('says the same for HTTP and for GraphQL when there is no answer', async () => {
    const problem = { type: 'urn:identity-verify:IDV_INPUT_INVALID', status: 422, code: 'IDV_INPUT_INVALID' };
    expect(await errorOf({})).toMatchObject({ response: problem, extensions: problem });
  });
});

describe('the metadata of a handler', () => {
  it('has a key that two copies of this package share', () => {
    expect(Symbol.keyFor(REQUIRE_VERIFIED_IDENTITY)).toBe('@identity-verify/nestjs/require-verified-identity');
  });
});

describe('the denial floor', () => {
  const ask = (guard: IdentityVerifyGuard, who: unknown, more: RequireVerifiedIdentityOptions = {}) =>
    guard.canActivate(invocation('http', [{}, {}, who], 2, more));

  it('is waited for by a denial, and leaves no timer', async () => {
    const { guard, clock } = await open({ denialFloorMs: 1_000 });
    let ended = false;
    const denied = Promise.resolve(ask(guard, stranger)).finally(() => (ended = true));
    const seen = expect(denied).rejects.toMatchObject({ status: 403 });
    await clock.advance(999);
    expect(ended).toBe(false);
    await clock.advance(1);
    await seen;
    expect(clock.pending).toBe(0);
  });

  it.each<[string, unknown, RequireVerifiedIdentityOptions]>([
    ['a match', person, {}],
    ['an invalid input', {}, {}],
    [
      'a function that throws',
      person,
      {
        from: () => {
          throw new Error('x');
        },
      },
    ],
    ['a function that rejects', person, { from: () => Promise.reject(new Error('x')) }],
  ])('leaves no timer after %s', async (_what, who, more) => {
    const { guard, clock } = await open({ denialFloorMs: 1_000 });
    for (let i = 0; i < 2; i++) {
      await Promise.resolve(ask(guard, who, more)).catch(() => undefined);
      expect(clock.pending).toBe(0);
    }
  });

  it('is none for a service that a test provides alone', async () => {
    const app = await Test.createTestingModule({
      providers: [
        {
          provide: getIdentityVerifyToken(DEFAULT_INSTANCE),
          useValue: { verify: async () => ({ outcome: 'mismatch' }) },
        },
      ],
    }).compile();
    const guard = new IdentityVerifyGuard(app.get(Reflector), app.get(ModuleRef));
    await expect(ask(guard, person)).rejects.toMatchObject({ status: 403 });
  });
});

describe('an instance', () => {
  it('is looked up once, with its floor', async () => {
    const { guard } = await open();
    const moduleRef = (guard as unknown as { moduleRef: ModuleRef }).moduleRef;
    const get = jest.spyOn(moduleRef, 'get');
    for (let i = 0; i < 3; i++) await guard.canActivate(invocation('http', [{}, {}, person], 2));
    expect(get.mock.calls.map(([token]) => token)).toEqual([
      getIdentityVerifyToken(DEFAULT_INSTANCE),
      getDenialFloorToken(DEFAULT_INSTANCE),
    ]);
  });

  it('that is not registered denies the request, and is named', async () => {
    const { guard } = await open();
    await expect(guard.canActivate(invocation('http', [{}, {}, person], 2, { instance: 'x' }))).rejects.toMatchObject({
      code: 'IDV_OPTIONS_INVALID',
      message: expect.stringContaining('a guard asks for the instance "x"'),
    });
  });
});

/** The invocation of a handler without decorators. */
function during(request: object | undefined): ExecutionContext {
  const handler = () => undefined;
  return {
    getType: () => 'http',
    getArgs: () => [request],
    getHandler: () => handler,
    getClass: () => Object,
    switchToHttp: () => ({ getRequest: () => request }),
  } as never;
}
