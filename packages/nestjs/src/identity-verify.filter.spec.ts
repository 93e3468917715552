import { TEST_POPULATION } from '@identity-verify/contract';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type ArgumentsHost } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { ERROR_CODES, type IdentityVerifyErrorCode } from './errors/error-codes.data.js';
import { IdentityInputError, identityVerifyError } from './errors/identity-verify.error.js';
import { IdentityDeniedException, IdentityUnavailableException } from './identity-verify.exceptions.js';
import { IdentityVerifyExceptionFilter } from './identity-verify.filter.js';
import { violation } from './identity/identity.check.js';

let logged: unknown[][];
let replied: unknown[];
let answer: (...caught: Parameters<IdentityVerifyExceptionFilter['catch']>) => void;

beforeEach(() => {
  [logged, replied] = [[], []];
  jest.spyOn(Logger.prototype, 'error').mockImplementation((...entry: unknown[]) => void logged.push(entry));
  const httpAdapter = { setHeader: () => undefined, reply: (...reply: unknown[]) => void replied.push(reply) };
  const filter = new IdentityVerifyExceptionFilter({ httpAdapter } as unknown as HttpAdapterHost);
  answer = filter.catch.bind(filter);
});
afterEach(() => void jest.restoreAllMocks());

const http = {
  getType: () => 'http',
  switchToHttp: () => ({
    getResponse: () => 'response',
    getRequest: () => ({ headers: {}, body: TEST_POPULATION[0] }),
  }),
} as unknown as ArgumentsHost;
const overSocket = (client: object) =>
  ({ getType: () => 'ws', switchToWs: () => ({ getClient: () => client }) }) as unknown as ArgumentsHost;

/** An error with the given code. */
const errorOf = (code: IdentityVerifyErrorCode) =>
  code === 'IDV_INPUT_INVALID' || code === 'IDV_TEST_IDENTITY_REFUSED'
    ? new IdentityInputError(code, [violation('mobile', 'mobile_format')])
    : identityVerifyError(code);

describe('a 500', () => {
  const wrong = identityVerifyError('IDV_OPTIONS_INVALID', { detail: 'the guard names nobody' });

  it.each([
    ['of the options', wrong],
    ['that the guard passes on', new IdentityUnavailableException(wrong)],
    ['of a row of the options', identityVerifyError('IDV_UNKNOWN_CODE', { httpStatus: 500 })],
  ])('%s is logged with its remedy and without personal data', (_what, error) => {
    answer(error, http);
    const code = error instanceof IdentityUnavailableException ? wrong.code : error.code;
    expect(logged).toEqual([[expect.stringContaining(`${code}: ${ERROR_CODES[code].title}`), expect.any(String)]]);
    expect(JSON.stringify(logged)).toContain(ERROR_CODES[code].remedy);
    for (const value of Object.values(TEST_POPULATION[0])) expect(JSON.stringify(logged)).not.toContain(value);
    expect(replied).toEqual([['response', expect.not.stringContaining('the guard names nobody'), 500]]);
  });

  it('is logged over every protocol', () => {
    answer(wrong, overSocket({ emit: () => true }));
    expect(() => answer(wrong, { getType: () => 'graphql' } as never)).toThrow(wrong);
    expect(logged).toHaveLength(2);
  });

  it('is the only status that is logged', () => {
    for (const code of Object.keys(ERROR_CODES) as IdentityVerifyErrorCode[]) {
      if (ERROR_CODES[code].httpStatus !== 500) answer(errorOf(code), http);
    }
    answer(new IdentityDeniedException(), http);
    expect(logged).toEqual([]);
  });
});

describe('an exception event', () => {
  const bad = new IdentityInputError('IDV_INPUT_INVALID', [violation('mobile', 'mobile_format')]);
  const payload = {
    type: 'urn:identity-verify:IDV_INPUT_INVALID',
    title: ERROR_CODES.IDV_INPUT_INVALID.title,
    code: 'IDV_INPUT_INVALID',
    violations: [expect.objectContaining({ field: 'mobile' })],
    status: 'error',
    message: ERROR_CODES.IDV_INPUT_INVALID.title,
    httpStatus: 422,
  };

  it('is emitted to a Socket.IO client, whose `send` has another meaning', () => {
    const emitted: unknown[] = [];
    answer(bad, overSocket({ emit: (...event: unknown[]) => emitted.push(event), send: () => emitted.push('sent') }));
    expect(emitted).toEqual([['exception', payload]]);
  });

  it('is sent to a native WebSocket only while it is open', () => {
    const sent: string[] = [];
    const client = (readyState: number) => ({
      readyState,
      emit: () => sent.push('emitted'),
      send: (data: string) => sent.push(data),
    });
    for (const readyState of [0, 2, 3]) answer(bad, overSocket(client(readyState)));
    expect(sent).toEqual([]);
    answer(bad, overSocket(client(1)));
    expect(sent.map((data) => JSON.parse(data) as unknown)).toEqual([{ event: 'exception', data: payload }]);
  });
});
