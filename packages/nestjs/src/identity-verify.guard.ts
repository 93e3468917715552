import type { Outcome } from '@identity-verify/contract';
import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { systemClock } from './support/clock.js';
import { DenialFloor, type DenialWait } from './support/denial.floor.js';
import { after, isThenable } from './support/thenable.js';
import { IdentityInputError, isIdentityVerifyError, type IdentityVerifyError } from './errors/identity-verify.error.js';
import { IdentityDeniedException, IdentityUnavailableException } from './identity-verify.exceptions.js';
import { REQUIRE_VERIFIED_IDENTITY, SKIPPED, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
import { ANSWER, IdentityVerifyService } from './identity-verify.service.js';
import { DEFAULT_INSTANCE } from './identity-verify.tokens.js';
import { checkIdentity, type Identity } from './identity/identity.check.js';
import { findDenialFloor, findInstance } from './instance.lookup.js';
import { isOutage } from './errors/outage.policy.js';
import { unreadBodyOf } from './unread.body.js';
import { dropVerification, earlierVerification, noteVerification } from './verified.requests.js';
import type { Verification, VerifyOptions } from './verification/verification.types.js';

/** The part of the service that the guard uses. A test can provide this alone. */
type Verifier = Pick<IdentityVerifyService, 'verify'>;

const MATCH: readonly Outcome[] = ['match'];

/** What a decorator says of a handler or a class. */
type Declared = RequireVerifiedIdentityOptions | typeof SKIPPED;

/** One request that the guard decides about. */
interface Asking {
  readonly context: ExecutionContext;
  readonly options: RequireVerifiedIdentityOptions;
  readonly service: Verifier;
  readonly floor: DenialFloor;
}

/** The fields of an identity, unchecked. */
type Given = Partial<Record<keyof Identity, unknown>>;

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

  /** Returns true at once if the answer is in memory, so that Nest waits for nothing. Rejects, and never throws. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    try {
      const options = this.#declaredFor(context);
      if (options === SKIPPED) return true;
      const { instance = DEFAULT_INSTANCE } = options;
      const service = this.serviceOf(instance);
      const floor = this.#floorOf(instance);
      const denial = floor.begin();
      const decided = this.#decide({ context, options, service, floor }, denial);
      if (decided !== true) return this.#ended(context, decided, denial);
      denial.cancel();
      return true;
    } catch (error) {
      return Promise.reject(error);
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

  /** Waits for a decision, and for the moment at which a denial may be told. */
  async #ended(context: ExecutionContext, decided: boolean | Promise<boolean>, denial: DenialWait): Promise<boolean> {
    try {
      if (await decided) return true;
      await denial.passed;
      throw this.denied(context);
    } finally {
      denial.cancel();
    }
  }

  /** Returns whether the request is let through: at once, unless there is something to wait for. */
  #decide(asking: Asking, denial: DenialWait): boolean | Promise<boolean> {
    const { context, options } = asking;
    try {
      const decided = after(this.extractIdentity(context, options), (extracted) => {
        const given = fieldsOf(extracted);
        return after(this.tenantOf(context), (tenant) => this.#verified(asking, given, tenant));
      });
      return isThenable(decided)
        ? decided.then(undefined, (error: unknown) => this.#unverified(asking, error))
        : decided;
    } catch (error) {
      denial.cancel();
      return this.#unverified(asking, error);
    }
  }

  /** Verifies the identity, and notes the answer for the handler if it lets the request through. */
  #verified(
    { context, options, service, floor }: Asking,
    given: Given,
    tenant: string | undefined,
  ): boolean | Promise<boolean> {
    const { instance = DEFAULT_INSTANCE, outcomes = MATCH, verify: how } = options;
    const checked = checkIdentity(given, { today: floor.today() });
    const identity = (checked.ok ? checked.identity : given) as Identity;
    const ask = () => answerOf(service, identity, tenant === undefined ? how : { ...how, tenant });
    if (!checked.ok && !areTexts(given)) {
      // The service refuses and counts it with the same reasons. If a test's service accepts it, it is still refused.
      return after(ask(), () => {
        throw new IdentityInputError('IDV_INPUT_INVALID', checked.violations);
      });
    }
    // A guard of the application and a guard of the route share one question.
    const earlier = earlierVerification(context, instance, identity, tenant);
    const isFresh = how?.maxAgeMs === undefined || earlier?.source === 'upstream';
    const reused = earlier && isFresh && outcomes.includes(earlier.outcome) ? earlier : undefined;
    return after(reused ?? ask(), (verification) => {
      const isLetIn = outcomes.includes(verification.outcome);
      if (isLetIn) noteVerification(context, { instance, verification, identity, tenant });
      return isLetIn;
    });
  }

  /** Returns true if the request goes through without an answer, and throws otherwise. */
  #unverified({ context, options }: Asking, error: unknown): boolean {
    this.#letThroughOrThrow(error, context, options);
    dropVerification(context, options.instance ?? DEFAULT_INSTANCE);
    return true;
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

/** Asks without a promise where the service is that of this module. Any other `verify`, a spy too, sees each question. */
function answerOf(
  service: Verifier,
  identity: Identity,
  how: VerifyOptions | undefined,
): Verification | Promise<Verification> {
  return service instanceof IdentityVerifyService && service.verify === IdentityVerifyService.prototype.verify
    ? service[ANSWER](identity, how)
    : service.verify(identity, how);
}

function bodyOf(context: ExecutionContext): unknown {
  return context.switchToHttp().getRequest<{ body?: unknown } | undefined>()?.body;
}

/**
 * Reads each field once, so that the values checked are the values sent. An object with unreadable fields counts as
 * empty.
 */
function fieldsOf(given: unknown): Given {
  try {
    const { name, idCard, mobile } = (given ?? {}) as Readonly<Record<string, unknown>>;
    return { name, idCard, mobile };
  } catch {
    return {};
  }
}

function areTexts(fields: Given): boolean {
  return [fields.name, fields.idCard, fields.mobile].every((field) => typeof field === 'string');
}
