import type { Outcome } from '@identity-verify/contract';
import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { systemClock } from './support/clock.js';
import { DenialFloor } from './support/denial.floor.js';
import { isThenable } from './support/thenable.js';
import { IdentityInputError, isIdentityVerifyError, type IdentityVerifyError } from './errors/identity-verify.error.js';
import { IdentityDeniedException, IdentityUnavailableException } from './identity-verify.exceptions.js';
import { REQUIRE_VERIFIED_IDENTITY, SKIPPED, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
import type { IdentityVerifyService } from './identity-verify.service.js';
import { DEFAULT_INSTANCE } from './identity-verify.tokens.js';
import { checkIdentity, type Identity } from './identity/identity.check.js';
import { findDenialFloor, findInstance } from './instance.lookup.js';
import { isOutage } from './errors/outage.policy.js';
import { unreadBodyOf } from './unread.body.js';
import { dropVerification, earlierVerification, noteVerification } from './verified.requests.js';
import type { Verification } from './verification/verification.types.js';

/** The part of the service that the guard uses. A test can provide this alone. */
type Verifier = Pick<IdentityVerifyService, 'verify'>;

const MATCH: readonly Outcome[] = ['match'];

/** What a decorator says of a handler or a class. */
type Declared = RequireVerifiedIdentityOptions | typeof SKIPPED;

const NO_FLOOR = new DenialFloor(systemClock);

/**
 * Lets a request through only if its identity is verified. Fails closed: without an allowed outcome the handler does
 * not run. For a route, a controller, or the application (`APP_GUARD`).
 *
 * Extend it to change the source of the identity or the tenant, or the errors.
 */
@Injectable()
export class IdentityVerifyGuard implements CanActivate {
  readonly #logger = new Logger('IdentityVerify');
  /** Cached: looking up a provider in the whole application takes as long as an answer from the ledger. */
  readonly #services = new Map<string, Verifier>();
  readonly #floors = new Map<string, DenialFloor>();
  /** By handler. A handler that classes share by inheritance is looked up again when the class changes. */
  readonly #declared = new WeakMap<object, { readonly owner: object; readonly declared: Declared }>();
  /** Media types already logged. One line for each, so that callers cannot fill the log. */
  readonly #unreadTypes = new Set<string>();

  constructor(
    protected readonly reflector: Reflector,
    protected readonly moduleRef: ModuleRef,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = this.#declaredFor(context);
    if (declared === SKIPPED) return true;
    const { instance = DEFAULT_INSTANCE, outcomes = MATCH } = declared;
    const service = this.serviceOf(instance);
    const floor = this.#floorOf(instance);
    const denial = floor.begin();
    try {
      const verification = await this.#verification(context, declared, service, floor);
      if (!verification || outcomes.includes(verification.outcome)) return true;
      await denial.passed;
      throw this.denied(context);
    } finally {
      denial.cancel();
    }
  }

  /** What the decorators of a handler and its class say, read once. */
  #declaredFor(context: ExecutionContext): Declared {
    const [handler, owner] = [context.getHandler(), context.getClass()];
    const known = this.#declared.get(handler);
    if (known?.owner === owner) return known.declared;
    const declared =
      this.reflector.getAllAndOverride<Declared | undefined>(REQUIRE_VERIFIED_IDENTITY, [handler, owner]) ?? {};
    this.#declared.set(handler, { owner, declared });
    return declared;
  }

  /**
   * Returns the answer, and notes it for the handler if it lets the request through. Returns undefined if the request
   * goes through without an answer.
   */
  async #verification(
    context: ExecutionContext,
    options: RequireVerifiedIdentityOptions,
    service: Verifier,
    floor: DenialFloor,
  ): Promise<Verification | undefined> {
    const { instance = DEFAULT_INSTANCE, outcomes = MATCH, verify: how } = options;
    try {
      // Awaited only where there is something to wait for: each await takes a turn of every request.
      const extracted = this.extractIdentity(context, options);
      const given = fieldsOf(isThenable(extracted) ? await extracted : extracted);
      const named = this.tenantOf(context);
      const tenant = isThenable(named) ? await named : named;
      const checked = checkIdentity(given, { today: floor.today() });
      const identity = (checked.ok ? checked.identity : given) as Identity;
      const ask = () => service.verify(identity, tenant === undefined ? how : { ...how, tenant });
      if (!checked.ok && !areTexts(given)) {
        // The service refuses and counts it with the same reasons. If a test's service accepts it, it is still refused.
        await ask();
        throw new IdentityInputError('IDV_INPUT_INVALID', checked.violations);
      }
      // A guard of the application and a guard of the route share one question.
      const earlier = earlierVerification(context, instance, identity, tenant);
      const isFresh = how?.maxAgeMs === undefined || earlier?.source === 'upstream';
      const reused = earlier && isFresh && outcomes.includes(earlier.outcome) ? earlier : undefined;
      const verification = reused ?? (await ask());
      if (outcomes.includes(verification.outcome)) {
        noteVerification(context, { instance, verification, identity, tenant });
      }
      return verification;
    } catch (error) {
      this.#letThroughOrThrow(error, context, options);
      dropVerification(context, instance);
      return undefined;
    }
  }

  /** Returns the identity to verify, unchecked: the service checks it. Override it to use another source. */
  protected extractIdentity(context: ExecutionContext, { from = bodyOf }: RequireVerifiedIdentityOptions): unknown {
    return from(context);
  }

  /** Returns the tenant whose account is used. Override it to select one. */
  protected tenantOf(_context: ExecutionContext): string | undefined | Promise<string | undefined> {
    return undefined;
  }

  /** Makes the error of a denied request, the same for every outcome. Override it to throw another one. */
  protected denied(_context: ExecutionContext): Error {
    return new IdentityDeniedException();
  }

  /**
   * Makes the error of a missing answer. Override it to throw another one, but never a 403: nothing is known about the
   * person.
   *
   * @param detail a sentence for the caller, if there is more to say than the error does
   */
  protected unavailable(error: IdentityVerifyError, _context: ExecutionContext, detail?: string): Error {
    return new IdentityUnavailableException(error, detail);
  }

  /**
   * Returns the service of an instance, wherever in the application it is registered. Override it to supply another
   * one.
   *
   * @throws {IdentityVerifyOptionsError} when it is not registered, or not for the whole application
   */
  protected serviceOf(instance: string): Verifier {
    const known = this.#services.get(instance);
    if (known) return known;
    const service = findInstance(this.moduleRef, instance, 'a guard');
    this.#services.set(instance, service);
    return service;
  }

  #floorOf(instance: string): DenialFloor {
    const known = this.#floors.get(instance);
    if (known) return known;
    const floor = findDenialFloor(this.moduleRef, instance) ?? NO_FLOOR;
    this.#floors.set(instance, floor);
    return floor;
  }

  /** Returns only if the request may go through unverified. */
  #letThroughOrThrow(
    error: unknown,
    context: ExecutionContext,
    { onUnavailable, from }: RequireVerifiedIdentityOptions,
  ): void {
    if (!isIdentityVerifyError(error)) throw error;
    const unread = error.code === 'IDV_INPUT_INVALID' && !from ? unreadBodyOf(context) : undefined;
    if (unread && !this.#unreadTypes.has(unread.mediaType)) {
      this.#unreadTypes.add(unread.mediaType);
      this.#logger.warn(unread.advice);
    }
    if (onUnavailable !== 'allow' || !isOutage(error)) throw this.unavailable(error, context, unread?.detail);
    this.#logger.warn(`Let a request through unverified (\`onUnavailable: 'allow'\`): ${error.code}.`);
  }
}

function bodyOf(context: ExecutionContext): unknown {
  return context.switchToHttp().getRequest<{ body?: unknown } | undefined>()?.body;
}

/**
 * Reads each field once, so that the values checked are the values sent. An object with unreadable fields counts as
 * empty.
 */
function fieldsOf(given: unknown): Partial<Record<keyof Identity, unknown>> {
  try {
    const { name, idCard, mobile } = (given ?? {}) as Readonly<Record<string, unknown>>;
    return { name, idCard, mobile };
  } catch {
    return {};
  }
}

function areTexts(fields: Partial<Record<keyof Identity, unknown>>): boolean {
  return [fields.name, fields.idCard, fields.mobile].every((field) => typeof field === 'string');
}
