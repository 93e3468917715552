import type { Billed, GatewayRowId, ResponseCode } from '@identity-verify/contract';
import { checkNumbers, TEN_YEARS_MS } from './settings.check.js';
import { LATEST_MS } from './virtual-clock.js';

/** The quota of a namespace. A limit that is not given is unlimited. */
export interface QuotaSettings {
  /** Number of calls left in the package. */
  readonly callsLeft?: number;
  /** Balance, in fen. */
  readonly balanceFen?: number;
  /** Time until the package expires, in milliseconds on the clock of the namespace. */
  readonly expiresInMs?: number;
  /**
   * The side that answers when the quota is used up: the vendor in an HTTP 200, or the gateway with a 403.
   * @default 'vendor'
   */
  readonly answeredBy?: 'vendor' | 'gateway';
  /**
   * Counts calls with `billed: 'unknown'` against the quota.
   * @default true
   */
  readonly unknownIsCharged?: boolean;
}

/** The remaining quota. Null is unlimited. */
export interface QuotaState {
  readonly callsLeft: number | null;
  readonly balanceFen: number | null;
  /** ISO 8601 on the clock of the namespace. */
  readonly expiresAt: string | null;
  readonly answeredBy: 'vendor' | 'gateway';
  readonly unknownIsCharged: boolean;
}

/** The exceeded limit. */
export type QuotaLimit = 'calls' | 'balance' | 'expiry';

/** The answers for each limit. The vendor has no code for an expired package, so it reports that no calls are left. */
export const QUOTA_ANSWERS = {
  vendor: { calls: '10010', balance: '10009', expiry: '10010' },
  gateway: { calls: 'quota-exhausted', balance: 'user-arrears', expiry: 'quota-expired' },
} as const satisfies {
  readonly vendor: Readonly<Record<QuotaLimit, ResponseCode>>;
  readonly gateway: Readonly<Record<QuotaLimit, GatewayRowId>>;
};

const BOUNDS = {
  callsLeft: [0, Number.MAX_SAFE_INTEGER],
  balanceFen: [0, Number.MAX_SAFE_INTEGER],
  expiresInMs: [0, TEN_YEARS_MS],
} as const;

/** The quota of one namespace. */
export class Quota {
  #callsLeft = Infinity;
  #balanceFen = Infinity;
  #expiresAt = Infinity;
  #answeredBy: 'vendor' | 'gateway' = 'vendor';
  #unknownIsCharged = true;

  /** Replaces all settings. @throws ScenarioSettingsError for a number out of range; then nothing changes */
  set(settings: QuotaSettings, now: number): void {
    checkNumbers(settings, BOUNDS);
    this.#callsLeft = settings.callsLeft ?? Infinity;
    this.#balanceFen = settings.balanceFen ?? Infinity;
    this.#expiresAt = settings.expiresInMs === undefined ? Infinity : Math.min(now + settings.expiresInMs, LATEST_MS);
    this.#answeredBy = settings.answeredBy ?? 'vendor';
    this.#unknownIsCharged = settings.unknownIsCharged ?? true;
  }

  /** Returns the scenario that overrides all others once a limit is reached. */
  refusal(fenPerCall: number, now: number): string | undefined {
    const limit = this.#reached(fenPerCall, now);
    return (
      limit &&
      (this.#answeredBy === 'vendor'
        ? `code-${QUOTA_ANSWERS.vendor[limit]}`
        : `gateway-${QUOTA_ANSWERS.gateway[limit]}`)
    );
  }

  #reached(fenPerCall: number, now: number): QuotaLimit | undefined {
    if (now >= this.#expiresAt) return 'expiry';
    if (this.#callsLeft < 1) return 'calls';
    return this.#balanceFen < fenPerCall ? 'balance' : undefined;
  }

  charge(billed: Billed, fen: number): void {
    if (billed === 'no' || (billed === 'unknown' && !this.#unknownIsCharged)) return;
    this.#callsLeft -= 1;
    this.#balanceFen -= fen;
  }

  get state(): QuotaState {
    return {
      callsLeft: finite(this.#callsLeft),
      balanceFen: finite(this.#balanceFen),
      expiresAt: this.#expiresAt === Infinity ? null : new Date(this.#expiresAt).toISOString(),
      answeredBy: this.#answeredBy,
      unknownIsCharged: this.#unknownIsCharged,
    };
  }
}

const finite = (value: number): number | null => (value === Infinity ? null : value);
