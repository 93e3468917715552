import type { Cost, JournalEntry } from '../journal/journal.types.js';
import { MockVerificationError, type JournalExpectation, type JournalVerdict } from '../journal/expectation.types.js';
import type { LatencySettings } from '../namespace/latency.js';
import type { QuotaSettings } from '../namespace/quota.js';
import type { QueuedScenario } from '../namespace/scenario.queue.js';
import type { ScenarioRule } from '../namespace/scenario.rules.js';
import type { ThrottleSettings } from '../namespace/throttle.js';

/** The address of a mock and the credential of the namespace. */
export interface RemoteNamespaceOptions {
  /** Base URL of the mock. */
  readonly url: string;
  /** The AppCode that owns the namespace. */
  readonly appCode: string;
  /** @default none */
  readonly adminToken?: string;
}

/** The mock refused the request or is unreachable. The message is that of the mock, with the cause and the remedy. */
export class RemoteMockError extends Error {
  override readonly name = 'RemoteMockError';

  constructor(
    message: string,
    /** HTTP status; undefined without a reply. */
    readonly status?: number,
    /** The nearest valid names. */
    readonly nearest: readonly string[] = [],
  ) {
    super(message);
  }
}

/**
 * A namespace of a mock in another process, through its admin API. It has the asynchronous counterparts of the methods
 * of `MockNamespace`. Every method throws {@link RemoteMockError}.
 */
export class RemoteNamespace {
  readonly #options: RemoteNamespaceOptions;

  constructor(options: RemoteNamespaceOptions) {
    this.#options = options;
  }

  /** Enqueues scenarios for the next calls. Each answers one call, in order. */
  async enqueue(...scenarios: readonly (string | QueuedScenario)[]): Promise<void> {
    await this.#ask('POST', 'queue', { scenarios });
  }

  /** Adds a rule for all calls with these fields. @returns the number of the rule */
  async addRule(rule: ScenarioRule): Promise<number> {
    return (await this.#ask<{ id: number }>('POST', 'rules', rule)).id;
  }

  /** The kept journal entries, oldest first. */
  async journal(): Promise<readonly JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { entries: JournalEntry[]; next: number | null } = await this.#ask(
        'GET',
        `journal?limit=1000&after=${after}`,
      );
      entries.push(...page.entries);
      after = page.next;
    }
    return entries;
  }

  /** Calls and cost since the last reset. */
  async cost(): Promise<Cost> {
    return (await this.#ask<{ cost: Cost }>('GET', 'namespace')).cost;
  }

  /** @throws MockVerificationError if the expectation is not met */
  async verify(expectation: JournalExpectation = {}): Promise<JournalVerdict> {
    const result = await this.#ask<JournalVerdict>('POST', 'verify', expectation);
    if (!result.ok) throw new MockVerificationError(result);
    return result;
  }

  /** Sets the quota; `{}` is unlimited. */
  async setQuota(settings: QuotaSettings): Promise<void> {
    await this.#ask('PUT', 'quota', settings);
  }

  /** Sets the rate limits; `{}` is unlimited. */
  async setThrottle(settings: ThrottleSettings): Promise<void> {
    await this.#ask('PUT', 'throttle', settings);
  }

  /** Sets the latency. */
  async setLatency(settings: LatencySettings): Promise<void> {
    await this.#ask('PUT', 'latency', settings);
  }

  /** Advances the clock of this namespace. */
  async advanceClock(ms: number): Promise<void> {
    await this.#ask('POST', 'clock', { advanceMs: ms });
  }

  /** Resets this namespace only. */
  async reset(): Promise<void> {
    await this.#ask('POST', 'reset');
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { url, appCode, adminToken } = this.#options;
    let response: Response;
    try {
      response = await fetch(`${url}/__admin/${path}`, {
        method,
        headers: {
          Authorization: `APPCODE ${appCode}`,
          ...(adminToken !== undefined && { 'X-Mock-Admin-Token': adminToken }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch {
      // The original error is not attached, because it would contain the request with its credential.
      throw new RemoteMockError(`No mock answers at ${url}. Is it running?`);
    }
    const reply = (await response.json().catch(() => undefined)) as
      (T & { error?: { message: string; nearest?: string[] } }) | undefined;
    if (reply === undefined) throw new RemoteMockError(`What answers at ${url} is no mock.`, response.status);
    if (!response.ok)
      throw new RemoteMockError(
        reply.error?.message ?? `HTTP ${response.status}`,
        response.status,
        reply.error?.nearest,
      );
    return reply;
  }
}

/** The environment variable through which `exec` passes the admin token. */
export const ADMIN_TOKEN_ENV = 'IDV_MOCK_ADMIN_TOKEN';

/**
 * Returns the namespace that `identity-verify-mock exec` or the Jest preset configured in the environment
 * (`IDENTITY_VERIFY_BASE_URL`, `IDENTITY_VERIFY_APP_CODE` and, if required, `IDV_MOCK_ADMIN_TOKEN`).
 *
 * @throws RemoteMockError if the variables are not set
 */
export function remoteNamespaceFromEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): RemoteNamespace {
  const {
    IDENTITY_VERIFY_BASE_URL: url,
    IDENTITY_VERIFY_APP_CODE: appCode,
    [ADMIN_TOKEN_ENV]: adminToken,
  } = environment;
  if (!url || !appCode) {
    throw new RemoteMockError(
      'IDENTITY_VERIFY_BASE_URL and IDENTITY_VERIFY_APP_CODE are not set. Run through "identity-verify-mock exec -- …", or use the Jest preset.',
    );
  }
  return new RemoteNamespace({ url, appCode, ...(adminToken && { adminToken }) });
}
