import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { IdentityVerifyGuard, REQUIRE_VERIFIED_IDENTITY, verificationOf } from './index.js';
import { FakeUpstream } from './testing/fake.upstream.js';
import { IdentityVerifyTestingModule } from './testing/identity-verify.testing-module.js';

const [person, stranger] = TEST_POPULATION;

/** A handler's invocation, whose identity is taken from the argument at this place. */
function invocation(type: string, args: unknown[], at: number): ExecutionContext {
  const handler = () => undefined;
  Reflect.defineMetadata(REQUIRE_VERIFIED_IDENTITY, { from: () => args[at] }, handler);
  return { getType: () => type, getArgs: () => args, getHandler: () => handler, getClass: () => Object } as never;
}

async function open() {
  const upstream = new FakeUpstream().verifyReturnsFor(stranger, 'mismatch');
  const app = await Test.createTestingModule({
    imports: [IdentityVerifyTestingModule.forRoot({ upstream })],
  }).compile();
  const guard = new IdentityVerifyGuard(app.get(Reflector), app.get(ModuleRef));
  return { upstream, guard };
}

describe('a match lets nobody else through', () => {
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

  it('a second guard of one request that takes another identity', async () => {
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
