import type { Billed } from '@identity-verify/contract';
import type { FieldViolation } from './violation.types.js';
import {
  ERROR_CODES,
  type ErrorCategory,
  type ErrorFamily,
  type IdentityVerifyErrorCode,
  type InputErrorCode,
  type RaisedErrorCode,
} from './error-codes.data.js';

/** Details of one error, beyond its row in the table of errors. */
export interface ErrorDetails {
  /** Overrides the table's `billed`. */
  readonly billed?: Billed;
  /** Overrides the table's HTTP status. */
  readonly httpStatus?: number;
  readonly retryable?: boolean;
  /** One clause about this error. Never contains a name, a number, a mobile or a credential. */
  readonly detail?: string;
  /** The upstream's own code, or the id of the gateway row. */
  readonly upstreamCode?: string;
  readonly seqNo?: string;
  readonly requestId?: string;
  /** Recommended wait before the next try, in milliseconds. */
  readonly retryAfterMs?: number;
}

// Symbol.for, so that one copy of this package (a CommonJS build beside an ES module one, or two versions) recognises
// the errors of another.
const BRAND: unique symbol = Symbol.for('@identity-verify/nestjs/error');

/**
 * The base class of every error that this module raises. It contains no request, header, axios error or cause, so it is
 * safe to log in full.
 */
export class IdentityVerifyError extends Error {
  protected static readonly family: ErrorFamily | undefined = undefined;

  /**
   * Whether refused input and refusals (`input` and `refusal` errors) carry a stack trace. They are expected, and a trace
   * takes as long as everything else that a refused question costs. Set it to `true` to find the caller of one.
   * @default false
   */
  static captureRefusalStacks = false;

  /**
   * The page that {@link helpUrl} points into: a URL, or a path. Set it once, when the application starts, to where your
   * team reads the documents: `IdentityVerifyError.helpBaseUrl = 'https://docs.example.com/reference/errors.html'`.
   * @default 'docs/en/reference/errors.md', a path in the repository of this package; `docs/reference/errors.md` is Chinese
   */
  static helpBaseUrl = 'docs/en/reference/errors.md';

  readonly code: IdentityVerifyErrorCode;
  readonly category: ErrorCategory;
  /** The cost of this question. Count `unknown` as paid. */
  readonly billed: Billed;
  /** Whether the same call can be made again later without the risk of paying twice. */
  readonly retryable: boolean;
  /** The HTTP status for the application's own caller. */
  readonly httpStatus: number;
  /** The upstream's own code (`10009`), or the id of the gateway row (`quota-exhausted`). */
  readonly upstreamCode?: string;
  /** The vendor's id of the call, to quote in a support case. */
  readonly seqNo?: string;
  /** The gateway's id of the call. */
  readonly requestId?: string;
  /** Recommended wait before asking again, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(code: IdentityVerifyErrorCode, details: ErrorDetails = {}) {
    const row = ERROR_CODES[code];
    const billed = details.billed ?? row.billed;
    const cost = billed === 'no' ? '' : 'The call may have been paid for. ';
    const isExpected = row.family === 'input' || row.family === 'refusal';
    const restore = isExpected && !IdentityVerifyError.captureRefusalStacks ? withoutStacks() : undefined;
    super(`${row.title}${details.detail ? ` (${details.detail})` : ''}. ${cost}${row.remedy}`);
    restore?.();
    this.code = code;
    this.category = row.category;
    this.billed = billed;
    this.retryable = details.retryable ?? row.retryable;
    this.httpStatus = details.httpStatus ?? row.httpStatus;
    if (details.upstreamCode !== undefined) this.upstreamCode = details.upstreamCode;
    if (details.seqNo !== undefined) this.seqNo = details.seqNo;
    if (details.requestId !== undefined) this.requestId = details.requestId;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }

  static {
    // On the prototype, so that it is not printed as an own property of every error.
    Object.defineProperty(this.prototype, 'name', { value: 'IdentityVerifyError', configurable: true, writable: true });
  }

  /** On the prototype: to define it on each error takes as long as to check an identity. */
  get [BRAND](): ErrorFamily | undefined {
    return (ERROR_CODES[this.code] as { family: ErrorFamily } | undefined)?.family;
  }

  /**
   * Where the documents say what to do about this error: `helpBaseUrl`, `#`, and the code. It is not an own property, so
   * that no log line grows by it.
   */
  get helpUrl(): string {
    return `${IdentityVerifyError.helpBaseUrl}#${this.code}`;
  }

  /**
   * Compares brand and family instead of the prototype, so that `instanceof` works across two copies of the package.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const family = familyOf(value);
    return family !== undefined && (this.family === undefined || this.family === family);
  }
}

/** The identity is not well-formed. Nothing was sent and nothing was paid. */
export class IdentityInputError extends IdentityVerifyError {
  protected static override readonly family = 'input';
  /** The fields that were refused, with reasons and without values. */
  readonly violations: readonly FieldViolation[];

  constructor(
    code: InputErrorCode,
    /** At least one. */
    violations: readonly FieldViolation[],
  ) {
    if (violations.length === 0) throw new TypeError('An IdentityInputError names at least one violation.');
    super(code, { detail: violations.map(({ field, reason }) => `${field}: ${reason}`).join(', ') });
    this.violations = violations;
  }
}

/** This module did not ask: a limit, a latch, a full queue, a shutdown. */
export class IdentityRefusalError extends IdentityVerifyError {
  protected static override readonly family = 'refusal';
}

/** The connection or the reply failed. */
export class IdentityTransportError extends IdentityVerifyError {
  protected static override readonly family = 'transport';
}

/** The vendor or its gateway answered with an error. */
export class IdentityUpstreamError extends IdentityVerifyError {
  protected static override readonly family = 'upstream';
}

/** The options are not valid when the application starts, or the arguments of a call are not. */
export class IdentityVerifyOptionsError extends IdentityVerifyError {
  protected static override readonly family = 'options';
}

/** Returns whether a value is an error of this module, from any copy of the package. */
export function isIdentityVerifyError(value: unknown): value is IdentityVerifyError {
  return familyOf(value) !== undefined;
}

const CLASS_OF_FAMILY = {
  refusal: IdentityRefusalError,
  transport: IdentityTransportError,
  upstream: IdentityUpstreamError,
  options: IdentityVerifyOptionsError,
} as const satisfies Record<Exclude<ErrorFamily, 'input'>, typeof IdentityVerifyError>;

/** Makes an error of the class that its code belongs to. An {@link IdentityInputError} has a constructor of its own. */
export function identityVerifyError(code: RaisedErrorCode, details?: ErrorDetails): IdentityVerifyError {
  return new CLASS_OF_FAMILY[ERROR_CODES[code].family](code, details);
}

/**
 * Notes on an error that the same question is refused for the next `holdMs`: a caller who asks earlier gets no answer. A
 * longer time that the upstream asked for remains.
 */
export function heldBackFor(error: IdentityVerifyError, holdMs: number): IdentityVerifyError {
  const retryAfterMs = Math.max(holdMs, error.retryAfterMs ?? 0);
  return retryAfterMs === 0 ? error : Object.assign(error, { retryAfterMs });
}

/** Returns the same error for a question that joined the call of another question, and paid nothing itself. */
export function unpaid(error: IdentityVerifyError): IdentityVerifyError {
  if (error.billed === 'no') return error;
  const { code, httpStatus, retryable, upstreamCode, seqNo, requestId, retryAfterMs } = error;
  return new CLASS_OF_FAMILY[familyOf(error) as keyof typeof CLASS_OF_FAMILY](code, {
    billed: 'no',
    detail: "in another question's call",
    httpStatus,
    retryable,
    ...(upstreamCode !== undefined && { upstreamCode }),
    ...(seqNo !== undefined && { seqNo }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/**
 * Stops V8 from capturing stack traces, until the returned function is called within the same turn. `Reflect.set`, because
 * an application may have frozen `Error`.
 */
function withoutStacks(): (() => void) | undefined {
  const { stackTraceLimit } = Error;
  if (!Reflect.set(Error, 'stackTraceLimit', 0)) return undefined;
  return () => void Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
}

function familyOf(value: unknown): ErrorFamily | undefined {
  return typeof value === 'object' && value !== null ? (value as { [BRAND]?: ErrorFamily })[BRAND] : undefined;
}
