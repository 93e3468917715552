import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { IdentityDeniedException, IdentityUnavailableException } from './identity-verify.exceptions.js';
import { REQUIRE_VERIFIED_IDENTITY, SKIPPED, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
import type { IdentityVerifyService } from './identity-verify.service.js';
import { DEFAULT_INSTANCE, getIdentityVerifyToken } from './identity-verify.tokens.js';
import {
  IdentityVerifyOptionsError,
  isIdentityVerifyError,
  type IdentityVerifyError,
} from './errors/identity-verify.error.js';
import type { Identity } from './identity/identity.check.js';
import { earlierVerification, noteVerification, questionOf } from './verified.requests.js';
import type { Verification } from './verification.types.js';

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
  readonly #services = new Map<string, IdentityVerifyService>();

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
    const begun = service.now();
    let verification: Verification;
    let question: string;
    try {
      const identity = (await this.extractIdentity(context, options)) as Identity;
      const tenant = await this.tenantOf(context);
      question = questionOf(identity, tenant);
      // A guard of the application and one of the route ask once between them.
      const earlier = earlierVerification(context, instance, question);
      if (earlier && outcomes.includes(earlier.outcome)) return true;
      verification = await service.verify(
        identity,
        tenant === undefined ? options.verify : { ...options.verify, tenant },
      );
    } catch (error) {
      return this.#withoutAnswer(error, context, options);
    }
    if (!outcomes.includes(verification.outcome)) {
      await service.untilDenialFloor(begun);
      throw this.denied(context);
    }
    noteVerification(context, instance, verification, question);
    return true;
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

  /** What is thrown when there is no answer; may be overridden. Never a 403: nothing was found out about the person. */
  protected unavailable(error: IdentityVerifyError, _context: ExecutionContext): Error {
    return new IdentityUnavailableException(error);
  }

  /** The service of an instance, wherever in the application it is registered. */
  protected serviceOf(instance: string): IdentityVerifyService {
    const known = this.#services.get(instance);
    if (known) return known;
    try {
      const token = getIdentityVerifyToken(instance);
      const service = this.moduleRef.get<IdentityVerifyService>(token, { strict: false });
      this.#services.set(instance, service);
      return service;
    } catch {
      throw new IdentityVerifyOptionsError('IDV_OPTIONS_INVALID', {
        detail: `a guard asks for the instance "${instance}", which is not registered; register it with IdentityVerifyModule`,
      });
    }
  }

  #withoutAnswer(
    error: unknown,
    context: ExecutionContext,
    { onUnavailable = 'deny' }: RequireVerifiedIdentityOptions,
  ): true {
    if (!isIdentityVerifyError(error)) throw error;
    if (onUnavailable === 'deny' || error.category === 'invalid_input') throw this.unavailable(error, context);
    this.#logger.warn(`Let through unverified, as \`onUnavailable: 'allow'\` says: ${error.code}.`);
    return true;
  }
}

function bodyOf(context: ExecutionContext): unknown {
  return context.switchToHttp().getRequest<{ body?: unknown } | undefined>()?.body;
}
