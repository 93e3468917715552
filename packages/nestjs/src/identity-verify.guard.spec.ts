import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  IdentityVerifyGuard,
  IdentityVerifyService,
  REQUIRE_VERIFIED_IDENTITY,
  verificationOf,
  verifiedIdentityOf,
  type RequireVerifiedIdentityOptions,
} from './index.js';
import { FakeUpstream } from './testing/fake.upstream.js';
import { IdentityVerifyTestingModule } from './testing/identity-verify.testing-module.js';

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

async function open() {
  const upstream = new FakeUpstream().verifyReturnsFor(stranger, 'mismatch');
  const app = await Test.createTestingModule({
    imports: [IdentityVerifyTestingModule.forRoot({ upstream })],
  }).compile();
  const guard = new IdentityVerifyGuard(app.get(Reflector), app.get(ModuleRef));
  return { upstream, guard, service: app.get(IdentityVerifyService) };
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
