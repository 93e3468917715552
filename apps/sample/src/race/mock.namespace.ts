import type { Billed } from '@identity-verify/nestjs';
import type { MockRule } from './race.script.js';

/** The mock does not answer, or refuses: the race cannot go on. The message contains no address and no credential. */
export class RaceUpstreamError extends Error {
  override readonly name = 'RaceUpstreamError';
}

/** An entry of the mock's journal, as far as the race needs it. */
export interface JournalEntry {
  readonly index: number;
  /** ISO 8601. */
  readonly at: string;
  readonly person: { readonly name: string } | null;
  readonly billed: Billed;
  readonly fen: number;
}

interface JournalPage {
  readonly entries: readonly JournalEntry[];
  readonly next: number | null;
  readonly evicted: number;
}

const PATIENCE_MS = 10_000;
const PARALLEL = 8;

/** A namespace of the mock, through its admin API. The AppCode is the namespace, so two races never meet. */
export class RaceNamespace {
  #after = 0;

  constructor(
    private readonly baseUrl: string,
    readonly appCode: string,
  ) {}

  /** Adds rules, in any order: they concern different fields. */
  async addRules(rules: readonly MockRule[]): Promise<void> {
    const waiting = [...rules];
    const work = async () => {
      for (let rule = waiting.pop(); rule; rule = waiting.pop()) await this.#call('POST', 'rules', rule);
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
  }

  /** Sets the delay of every reply, in real milliseconds. */
  async setLatency(minMs: number, maxMs: number): Promise<void> {
    await this.#call('PUT', 'latency', { kind: 'uniform', minMs, maxMs });
  }

  /** Returns the entries since the last call. `complete` is false if the mock no longer has some of them. */
  async newEntries(): Promise<{ readonly entries: readonly JournalEntry[]; readonly complete: boolean }> {
    const entries: JournalEntry[] = [];
    let complete = true;
    for (let more = true; more;) {
      const page = (await this.#call('GET', `journal?limit=1000&after=${this.#after}`)) as JournalPage;
      entries.push(...page.entries);
      this.#after = page.entries.at(-1)?.index ?? this.#after;
      complete &&= page.evicted === 0;
      more = page.next !== null;
    }
    return { entries, complete };
  }

  /** Gives back what the namespaces of a mock share, and keeps the journal, so that it can be looked at. */
  async release(): Promise<void> {
    await this.#call('DELETE', 'rules');
    await this.#call('PUT', 'latency', { kind: 'none' });
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${this.baseUrl}/__admin/${path}`, {
      method,
      headers: { authorization: `APPCODE ${this.appCode}`, 'content-type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    if (!reply) throw new RaceUpstreamError('The mock does not answer.');
    if (!reply.ok) throw new RaceUpstreamError(`The mock refused to prepare the race: HTTP ${reply.status}.`);
    return reply.json();
  }
}
