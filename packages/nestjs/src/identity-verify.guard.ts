import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { systemClock } from './support/clock.js';
import { DenialFloor } from './support/denial.floor.js';
import { IdentityInputError, isIdentityVerifyError, type IdentityVerifyError } from './errors/identity-verify.error.js';
import { IdentityDeniedException, IdentityUnavailableException } from './identity-verify.exceptions.js';
import { REQUIRE_VERIFIED_IDENTITY, SKIPPED, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
import type { IdentityVerifyService } from './identity-verify.service.js';
import { DEFAULT_INSTANCE } from './identity-verify.tokens.js';
import { checkIdentity, type Identity } from './identity/identity.check.js';
import { findDenialFloor, findInstance } from './instance.lookup.js';
import { isOutage } from './errors/outage.policy.js';
import { unreadBodyOf } from './unread.body.js';
import { dropVerification, earlierVerification, noteVerification, questionOf } from './verified.requests.js';
import type { Verification } from './verification/verification.types.js';

/** What the guard needs of an instance: a test may provide nothing else. */
type Verifier = Pick<IdentityVerifyService, 'verify'>;

const NO_FLOOR = new DenialFloor(systemClock);

/**
 * Lets a request through only when its identity is verified. Fails closed: without an answer that is allowed, the
 * handler does not run. As a guard of a route, of a controller, or of the application (`APP_GUARD`).
 *
 * Derive from it to take identity or tenant from elsewhere, or to answer in another way.
 */
@Injectable()
export class IdentityVerifyGuard implements CanActivate {
  readonly #logger = new Logger('IdentityVerify');
  /** Looking a provider up in the whole application costs as much as an answer from the ledger. */
  readonly #services = new Map<string, Verifier>();
  readonly #floors = new Map<string, DenialFloor>();
  /** One line for each is enough: whoever sends such bodies must not fill the log. */
  readonly #unreadTypes = new Set<string>();

  constructor(
    protected readonly reflector: Reflector,
    protected readonly moduleRef: ModuleRef,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = this.reflector.getAllAndOverride<RequireVerifiedIdentityOptions | typeof SKIPPED | undefined>(
      REQUIRE_VERIFIED_IDENTITY,
      [context.getHandler(), context.getClass()],
    );
    if (declared === SKIPPED) return true;
    const options = declared ?? {};
    const instance = options.instance ?? DEFAULT_INSTANCE;
    const { outcomes = ['match'] } = options;
    const service = this.serviceOf(instance);
    const floor = this.#floorOf(instance);
    const denial = floor.begin();
    try {
      const verification = await this.#verification(context, options, service, floor);
      if (!verification || outcomes.includes(verification.outcome)) return true;
      await denial.passed;
      throw this.denied(context);
    } finally {
      denial.cancel();
    }
  }

  /** The answer, noted for the handler when it lets the request through; none where it goes through without one. */
  async #verification(
    context: ExecutionContext,
    options: RequireVerifiedIdentityOptions,
    service: Verifier,
    floor: DenialFloor,
  ): Promise<Verification | undefined> {
    const { instance = DEFAULT_INSTANCE, outcomes = ['match'], verify: how } = options;
    try {
      const given = fieldsOf(await this.extractIdentity(context, options));
      const tenant = await this.tenantOf(context);
      const checked = checkIdentity(given, { today: floor.today() });
      const identity = checked.ok ? checked.identity : given;
      const ask = () => service.verify(identity as Identity, tenant === undefined ? how : { ...how, tenant });
      if (!checked.ok && !areTexts(identity)) {
        // The service refuses it with the same reasons, and counts it. Where a test's service accepts it, it still is none.
        await ask();
        throw new IdentityInputError('IDV_INPUT_INVALID', checked.violations);
      }
      const question = questionOf(identity as Identity, tenant);
      // A guard of the application and one of the route ask once between them.
      const earlier = earlierVerification(context, instance, question);
      const isFresh = how?.maxAgeMs === undefined || earlier?.source === 'upstream';
      const reused = earlier && isFresh && outcomes.includes(earlier.outcome) ? earlier : undefined;
      const verification = reused ?? (await ask());
      if (outcomes.includes(verification.outcome)) {
        noteVerification(context, instance, { verification, identity: identity as Identity, question });
      }
      return verification;
    } catch (error) {
      this.#letThroughOrThrow(error, context, options);
      dropVerification(context, instance);
      return undefined;
    }
  }

  /** Where the identity comes from; may be overridden. @returns whatever is there: the service checks it */
  protected extractIdentity(context: ExecutionContext, { from = bodyOf }: RequireVerifiedIdentityOptions): unknown {
    return from(context);
  }

  /** Whose account is asked with; may be overridden. */
  protected tenantOf(_context: ExecutionContext): string | undefined | Promise<string | undefined> {
    return undefined;
  }

  /** What is thrown at somebody who is not let through; may be overridden. The same for every outcome. */
  protected denied(_context: ExecutionContext): Error {
    return new IdentityDeniedException();
  }

  /**
   * What is thrown when there is no answer; may be overridden. Never a 403: nothing was found out about the person.
   *
   * @param detail for the caller, where there is more to say than the error does
   */
  protected unavailable(error: IdentityVerifyError, _context: ExecutionContext, detail?: string): Error {
    return new IdentityUnavailableException(error, detail);
  }

  /**
   * What verifies for an instance, wherever in the application it is registered; may be overridden.
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

  /** Returns only where the request goes through unverified. */
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
    this.#logger.warn(`Let through unverified, as \`onUnavailable: 'allow'\` says: ${error.code}.`);
  }
}

function bodyOf(context: ExecutionContext): unknown {
  return context.switchToHttp().getRequest<{ body?: unknown } | undefined>()?.body;
}

/**
 * The three fields, each read once: what is checked is what is sent. An object whose fields cannot be read is no
 * identity.
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
