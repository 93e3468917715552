import type { Cost, JournalEntry } from '../journal/journal.types.js';
import { MockVerificationError, type JournalExpectation, type JournalVerdict } from '../journal/expectation.types.js';
import type { LatencySettings } from '../namespace/latency.js';
import type { QuotaSettings } from '../namespace/quota.js';
import type { QueuedScenario } from '../namespace/scenario.queue.js';
import type { ScenarioRule } from '../namespace/scenario.rules.js';
import type { ThrottleSettings } from '../namespace/throttle.js';

/** Where a mock is, and whose namespace is meant. */
export interface RemoteNamespaceOptions {
  /** Base address of the mock. */
  readonly url: string;
  /** The AppCode whose namespace is meant. */
  readonly appCode: string;
  /** @default none */
  readonly adminToken?: string;
}

/** The mock refused, or could not be reached. The message is the mock's own: what is wrong and what to do. */
export class RemoteMockError extends Error {
  override readonly name = 'RemoteMockError';

  constructor(
    message: string,
    /** HTTP status; undefined when there was no reply. */
    readonly status?: number,
    /** Names that were probably meant. */
    readonly nearest: readonly string[] = [],
  ) {
    super(message);
  }
}

/**
 * A namespace of a mock that runs in another process, through its admin API: the same questions as `MockNamespace`,
 * each of them asynchronous. Every method throws {@link RemoteMockError}.
 */
export class RemoteNamespace {
  readonly #options: RemoteNamespaceOptions;

  constructor(options: RemoteNamespaceOptions) {
    this.#options = options;
  }

  /** Decides about the next calls: one scenario each, in order. */
  async enqueue(...scenarios: readonly (string | QueuedScenario)[]): Promise<void> {
    await this.#ask('POST', 'queue', { scenarios });
  }

  /** Decides about every call with these fields. @returns the rule's number */
  async addRule(rule: ScenarioRule): Promise<number> {
    return (await this.#ask<{ id: number }>('POST', 'rules', rule)).id;
  }

  /** What arrived and is still kept, oldest first. */
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

  /** Calls and money since the last reset. */
  async cost(): Promise<Cost> {
    return (await this.#ask<{ cost: Cost }>('GET', 'namespace')).cost;
  }

  /** @throws MockVerificationError when the expectation is not met */
  async verify(expectation: JournalExpectation = {}): Promise<JournalVerdict> {
    const result = await this.#ask<JournalVerdict>('POST', 'verify', expectation);
    if (!result.ok) throw new MockVerificationError(result);
    return result;
  }

  /** Sets what may still be spent; `{}` is unlimited. */
  async setQuota(settings: QuotaSettings): Promise<void> {
    await this.#ask('PUT', 'quota', settings);
  }

  /** Sets how fast and how often may be asked; `{}` is unlimited. */
  async setThrottle(settings: ThrottleSettings): Promise<void> {
    await this.#ask('PUT', 'throttle', settings);
  }

  /** Sets how long replies take. */
  async setLatency(settings: LatencySettings): Promise<void> {
    await this.#ask('PUT', 'latency', settings);
  }

  /** Puts the clock of this namespace forward. */
  async advanceClock(ms: number): Promise<void> {
    await this.#ask('POST', 'clock', { advanceMs: ms });
  }

  /** Back to the beginning; only this namespace. */
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
      // The original error would carry the request along, and the credential with it.
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

/** Environment variable in which `exec` hands the admin token on. */
export const ADMIN_TOKEN_ENV = 'IDV_MOCK_ADMIN_TOKEN';

/**
 * The namespace that `identity-verify-mock exec` or the Jest preset has put into the environment
 * (`IDENTITY_VERIFY_BASE_URL`, `IDENTITY_VERIFY_APP_CODE`, and `IDV_MOCK_ADMIN_TOKEN` where one is asked for).
 *
 * @throws RemoteMockError when they are not there
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
