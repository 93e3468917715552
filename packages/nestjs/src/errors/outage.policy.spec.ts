import { violation } from '../identity/identity.check.js';
import { TEST_POPULATION } from '@identity-verify/contract';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type ExecutionContext } from '@nestjs/common';
import { Reflector, type ModuleRef } from '@nestjs/core';
import { ERROR_CODES, type IdentityVerifyErrorCode } from './error-codes.data.js';
import { IdentityInputError, identityVerifyError, type IdentityVerifyError } from './identity-verify.error.js';
import { IdentityVerifyGuard, REQUIRE_VERIFIED_IDENTITY, verificationOf } from '../index.js';
import { isOutage } from './outage.policy.js';

/** Copied by hand from the README, not derived from the policy. */
const OUTAGES = [
  'IDV_BUSY',
  'IDV_CIRCUIT_OPEN',
  'IDV_CONNECTION_LOST',
  'IDV_CONNECT_FAILED',
  'IDV_HTTP_STATUS',
  'IDV_LEDGER_UNAVAILABLE',
  'IDV_REPLY_TOO_LARGE',
  'IDV_REPLY_UNREADABLE',
  'IDV_TIMEOUT',
  'IDV_UPSTREAM_FAILURE',
  'IDV_UPSTREAM_TIMEOUT',
];
const CODES = Object.keys(ERROR_CODES) as IdentityVerifyErrorCode[];

/** A guard with this `onUnavailable`, and a service that fails with `error`. */
function guarded(error: IdentityVerifyError, onUnavailable: unknown) {
  const handler = () => undefined;
  Reflect.defineMetadata(REQUIRE_VERIFIED_IDENTITY, { onUnavailable }, handler);
  const request = { body: { ...TEST_POPULATION[0] } };
  const context = {
    getType: () => 'http',
    getArgs: () => [request],
    switchToHttp: () => ({ getRequest: () => request }),
    getHandler: () => handler,
    getClass: () => Object,
  } as unknown as ExecutionContext;
  class Guard extends IdentityVerifyGuard {
    protected override serviceOf() {
      return {
        async verify(): Promise<never> {
          throw error;
        },
      };
    }
  }
  const moduleRef = { get: () => { throw new Error('not registered'); } } as unknown as ModuleRef; // prettier-ignore
  return { answer: new Guard(new Reflector(), moduleRef).canActivate(context), context };
}

let warned: unknown[];
beforeEach(() => {
  warned = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => void warned.push(message));
});
afterEach(() => void jest.restoreAllMocks());

/** An error with the given code. */
const errorOf = (code: IdentityVerifyErrorCode) =>
  code === 'IDV_INPUT_INVALID' || code === 'IDV_TEST_IDENTITY_REFUSED'
    ? new IdentityInputError(code, [violation('mobile', 'mobile_format')])
    : identityVerifyError(code);

describe("onUnavailable: 'allow'", () => {
  it('covers exactly these codes', () => {
    expect(CODES.filter((code) => isOutage(errorOf(code))).toSorted()).toEqual(OUTAGES);
  });

  it.each(CODES)('%s', async (code) => {
    const { answer, context } = guarded(errorOf(code), 'allow');
    if (OUTAGES.includes(code)) expect(await answer).toBe(true);
    else await expect(answer).rejects.toMatchObject({ status: ERROR_CODES[code].httpStatus });
    expect(verificationOf(context)).toBeUndefined();
    expect(warned).toEqual(OUTAGES.includes(code) ? [expect.stringContaining(code)] : []);
  });

  it('does not cover a timeout in the local queue, which many calls can fill', async () => {
    const error = identityVerifyError('IDV_TIMEOUT', { billed: 'no', detail: 'before anything was sent' });
    await expect(guarded(error, 'allow').answer).rejects.toMatchObject({ status: 504 });
  });

  it.each(['deny', undefined, 'ALLOW', true])(
    '%p lets no request through, whatever the error',
    async (onUnavailable) => {
      for (const code of CODES) {
        await expect(guarded(errorOf(code), onUnavailable).answer).rejects.toMatchObject({
          status: ERROR_CODES[code].httpStatus,
        });
      }
    },
  );
});
