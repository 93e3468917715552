import { afterEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { violation } from '../identity/identity.check.js';
import { ERROR_CODES, type IdentityVerifyErrorCode } from './error-codes.data.js';
import {
  IdentityInputError,
  IdentityRefusalError,
  IdentityTransportError,
  IdentityUpstreamError,
  IdentityVerifyError,
  identityVerifyError,
  IdentityVerifyOptionsError,
  isIdentityVerifyError,
  type ErrorDetails,
} from './identity-verify.error.js';

const CODES = Object.keys(ERROR_CODES) as IdentityVerifyErrorCode[];
const CLASSES = {
  input: IdentityInputError,
  refusal: IdentityRefusalError,
  transport: IdentityTransportError,
  upstream: IdentityUpstreamError,
  options: IdentityVerifyOptionsError,
};

const errorOf = (code: IdentityVerifyErrorCode, details: ErrorDetails = {}) =>
  code === 'IDV_INPUT_INVALID' || code === 'IDV_TEST_IDENTITY_REFUSED'
    ? new IdentityInputError(code, [violation('mobile', 'mobile_format')])
    : identityVerifyError(code, details);

describe('the table of errors', () => {
  it.each(CODES)(
    '%s: the message says that the call may have been paid for exactly when `billed` is not "no"',
    (code) => {
      for (const billed of ['yes', 'no', 'unknown'] as const) {
        const error = errorOf(code, { billed, detail: 'before anything was sent' });
        const says = error.message.replace(ERROR_CODES[code].title, '').includes('may have been paid for');
        expect(says).toBe(error.billed !== 'no');
      }
    },
  );

  it.each(CODES)('%s: message, fields and class match its row', (code) => {
    const row = ERROR_CODES[code];
    const error = errorOf(code);
    expect(error).toMatchObject({
      code,
      category: row.category,
      billed: row.billed,
      retryable: row.retryable,
      httpStatus: row.httpStatus,
    });
    expect(error.message).toMatch(row.remedy);
    expect(error.message).toMatch(row.title);
    expect(error.name).toBe('IdentityVerifyError');
    expect(error.cause).toBeUndefined();
    for (const [family, type] of Object.entries(CLASSES)) expect(error instanceof type).toBe(family === row.family);
  });

  it.each(CODES)('%s names its section of the documents, where the application says they are', (code) => {
    const error = errorOf(code);
    const standard = IdentityVerifyError.helpBaseUrl;
    expect(error.helpUrl).toBe(`docs/en/reference/errors.md#${code}`);
    IdentityVerifyError.helpBaseUrl = 'https://docs.example.com/errors.html';
    try {
      expect(error.helpUrl).toBe(`https://docs.example.com/errors.html#${code}`);
    } finally {
      IdentityVerifyError.helpBaseUrl = standard;
    }
    expect(JSON.stringify(error)).not.toContain('docs/');
  });

  it.each(CODES)('%s has a title without a full stop, and a full sentence as remedy', (code) => {
    expect(ERROR_CODES[code].title).toMatch(/^[A-Z].*[^.]$/);
    expect(ERROR_CODES[code].remedy).toMatch(/^[A-Z].*\.$/);
  });

  it('never marks an error as retryable if it may have been billed', () => {
    for (const code of CODES) {
      if (ERROR_CODES[code].retryable) expect(ERROR_CODES[code].billed).toBe('no');
    }
  });
});

describe('IdentityVerifyError', () => {
  it('carries the details of the call', () => {
    const error = new IdentityUpstreamError('IDV_QUOTA', {
      upstreamCode: '10009',
      seqNo: 'S',
      requestId: 'R',
      retryAfterMs: 5,
      detail: 'why',
      httpStatus: 500,
    });
    expect(error).toMatchObject({
      upstreamCode: '10009',
      seqNo: 'S',
      requestId: 'R',
      retryAfterMs: 5,
      httpStatus: 500,
    });
    expect(error.message).toContain('(why)');
  });

  it('is recognised by brand, even from another copy of the package', () => {
    const foreign = Object.assign(new Error('from another copy'), { code: 'IDV_QUOTA' });
    Object.defineProperty(foreign, Symbol.for('@identity-verify/nestjs/error'), { value: 'upstream' });
    expect(isIdentityVerifyError(foreign)).toBe(true);
    expect(foreign instanceof IdentityVerifyError).toBe(true);
    expect(foreign instanceof IdentityUpstreamError).toBe(true);
    expect(foreign instanceof IdentityTransportError).toBe(false);
  });

  it.each([undefined, null, 'IDV_QUOTA', new Error('x'), { code: 'IDV_QUOTA' }, IdentityVerifyError.prototype])(
    'does not recognise %p',
    (value) => {
      expect(isIdentityVerifyError(value)).toBe(false);
      expect((value as unknown) instanceof IdentityVerifyError).toBe(false);
    },
  );

  it('serialises only its public fields', () => {
    const printed = inspect(new IdentityRefusalError('IDV_LATCHED', { retryAfterMs: 1 }), {
      showHidden: true,
      depth: 20,
    });
    expect(printed).toContain('IDV_LATCHED');
    expect(JSON.parse(JSON.stringify(new IdentityRefusalError('IDV_LATCHED')))).toEqual({
      code: 'IDV_LATCHED',
      category: 'unavailable',
      billed: 'no',
      retryable: true,
      httpStatus: 503,
    });
  });

  it('lists violations by reason', () => {
    const error = new IdentityInputError('IDV_INPUT_INVALID', [
      { field: 'name', reason: 'name_length', message: 'm', messageZh: 'm' },
    ]);
    expect(error.message).toContain('name: name_length');
    expect(error.violations).toHaveLength(1);
  });
});

describe('the stack of an error', () => {
  const violations = [{ field: 'name', reason: 'name_length', message: 'm', messageZh: 'm' }] as const;
  const refused = [
    () => new IdentityInputError('IDV_INPUT_INVALID', violations),
    () => new IdentityRefusalError('IDV_LATCHED'),
  ];
  const frames = (error: Error) => error.stack?.match(/^ {4}at /gm)?.length ?? 0;
  afterEach(() => {
    IdentityVerifyError.captureRefusalStacks = false;
  });

  it('is not captured for a refusal, unless that is wanted', () => {
    for (const make of refused) expect([frames(make()), make().stack]).toEqual([0, String(make())]);
    IdentityVerifyError.captureRefusalStacks = true;
    for (const make of refused) expect(frames(make())).toBeGreaterThan(0);
  });

  it('is captured for every other error, and as far as before for errors of the application', () => {
    const [limit, before] = [Error.stackTraceLimit, frames(new Error('x'))];
    refused[0]!();
    expect([Error.stackTraceLimit, frames(new Error('x'))]).toEqual([limit, before]);
    expect(frames(new IdentityTransportError('IDV_TIMEOUT'))).toBeGreaterThan(0);
    expect(frames(new IdentityUpstreamError('IDV_QUOTA'))).toBeGreaterThan(0);
  });

  it('is captured where an application has frozen the limit, and the refusal is thrown all the same', () => {
    const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')!;
    Object.defineProperty(Error, 'stackTraceLimit', { ...limit, writable: false });
    try {
      expect(frames(refused[0]!())).toBeGreaterThan(0);
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', limit);
    }
  });
});

describe('IdentityInputError', () => {
  it('cannot be constructed without a violation', () => {
    expect(() => new IdentityInputError('IDV_INPUT_INVALID', [])).toThrow(TypeError);
  });
});
