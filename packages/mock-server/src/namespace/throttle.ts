import { checkNumbers, TEN_YEARS_MS } from './settings.check.js';
import { SharedAllowance } from '../support/shared.allowance.js';

/** The scopes of throttling, as named in the gateway's message. */
export const THROTTLE_SCOPES = ['user', 'app', 'api', 'group', 'domain'] as const;

/** One of `THROTTLE_SCOPES`. */
export type ThrottleScope = (typeof THROTTLE_SCOPES)[number];

/** Rate limits of a namespace. A limit that is not given is unlimited. */
export interface ThrottleSettings {
  /** Calls per second on the clock of the namespace. The gateway refuses further calls. */
  readonly callsPerSecond?: number;
  /** @default 'app' */
  readonly scope?: ThrottleScope;
  /**
   * HTTP status of the gateway's refusal. Its own tables disagree.
   * @default 403
   */
  readonly httpStatus?: 403 | 429;
  /** Limit for repetitions of the same question. The vendor answers further calls with 10019. */
  readonly sameParameter?: {
    readonly limit: number;
    /**
     * Length of the window, in milliseconds on the clock of the namespace. The vendor does not document it.
     * @default 86400000
     */
    readonly windowMs?: number;
  };
}

const DAY_MS = 86_400_000;

const BOUNDS = { callsPerSecond: [0, 1_000_000], limit: [0, 1_000_000], windowMs: [1, TEN_YEARS_MS] } as const;

/** Maximum number of different questions to count. The oldest is evicted first. */
const MAX_QUESTIONS = 10_000;

interface Window {
  start: number;
  count: number;
}

/** Counts calls in fixed windows that begin with the first call, which makes tests easy to reason about. */
export class Throttle {
  #settings: ThrottleSettings = {};
  #second: Window = { start: -Infinity, count: 0 };
  readonly #questions = new Map<string, Window>();
  readonly #allowance: SharedAllowance;

  /** @param allowance the limit on questions that all namespaces share */
  constructor(allowance = new SharedAllowance(Infinity)) {
    this.#allowance = allowance;
  }

  /** Replaces all settings and clears the counts. @throws ScenarioSettingsError; then nothing changes */
  set(settings: ThrottleSettings): void {
    checkNumbers({ callsPerSecond: settings.callsPerSecond, ...settings.sameParameter }, BOUNDS);
    this.#settings = settings;
    this.#second = { start: -Infinity, count: 0 };
    this.#allowance.give(this.#questions.size);
    this.#questions.clear();
  }

  get settings(): ThrottleSettings {
    return this.#settings;
  }

  /** Counts a call. @returns the gateway's refusal if the limit per second is exceeded */
  refusal(now: number): { scenario: string; httpStatus: number } | undefined {
    const { callsPerSecond, scope = 'app', httpStatus = 403 } = this.#settings;
    if (callsPerSecond === undefined) return undefined;
    if (now - this.#second.start >= 1000) this.#second = { start: now, count: 0 };
    // The daily limit of a second-level domain is documented with 403 only.
    const status = scope === 'domain' ? 403 : httpStatus;
    return ++this.#second.count > callsPerSecond
      ? { scenario: `gateway-throttled-by-${scope}`, httpStatus: status }
      : undefined;
  }

  /** Returns true if questions are counted, so that callers compute the key only when needed. */
  get countsQuestions(): boolean {
    return this.#settings.sameParameter !== undefined;
  }

  /** Counts a question. @returns the vendor's refusal if the question was asked too often */
  questionRefusal(question: string, now: number): 'code-10019' | undefined {
    const limits = this.#settings.sameParameter;
    if (!limits) return undefined;
    let window = this.#questions.get(question);
    if (!window || now - window.start >= (limits.windowMs ?? DAY_MS)) {
      if (this.#questions.delete(question)) this.#allowance.give(1);
      window = { start: now, count: 0 };
      this.#remember(question, window);
    }
    return ++window.count > limits.limit ? 'code-10019' : undefined;
  }

  #remember(question: string, window: Window): void {
    const isFull = this.#questions.size >= MAX_QUESTIONS || !this.#allowance.take(1);
    if (isFull) {
      const [oldest] = this.#questions.keys();
      // A namespace evicts only its own questions. With none to evict, it does not count this one.
      if (oldest === undefined) return;
      this.#questions.delete(oldest);
    }
    this.#questions.set(question, window);
  }
}
