import { Injectable } from '@nestjs/common';
import { MockAdmin } from './mock.admin.js';
import { troubleOf, type MockState, type Trouble } from './trouble.table.js';

/** Calls that the page shows. */
const NEWEST = 20;

/** The part of the mock's journal that is read. The mock masks people. */
interface JournalPage {
  readonly entries: readonly { readonly index: number }[];
  readonly next: number | null;
  readonly total: number;
}

/** What the page shows of the mock. */
export interface MockView {
  /** The page of the mock. */
  readonly url: string;
  /** The namespace of this application in the mock: a short hash of its AppCode. */
  readonly namespace: string;
  readonly trouble: Trouble | 'other' | 'none';
  /** Queued replies, which are what is left of some troubles. */
  readonly queueLength: number;
  /** The newest calls, the newest first, whoever asked. */
  readonly calls: readonly unknown[];
  /** Calls since the last reset. */
  readonly total: number;
}

/** Reads journal and state of the mock. */
@Injectable()
export class MockReader {
  #total = 0;

  constructor(private readonly mock: MockAdmin) {}

  async read(): Promise<MockView> {
    const [state, { queue }, journal] = await Promise.all([
      this.mock.call('GET', 'namespace') as Promise<Omit<MockState, 'next'> & { readonly id: string }>,
      this.mock.call('GET', 'queue') as Promise<{ readonly queue: readonly { readonly scenario: string }[] }>,
      this.#newest(),
    ]);
    return {
      url: this.mock.url,
      namespace: state.id,
      trouble: troubleOf({ ...state, next: queue[0]?.scenario }),
      queueLength: state.queueLength,
      calls: journal.entries.slice(-NEWEST).toReversed(),
      total: journal.total,
    };
  }

  /** The mock returns the oldest first. The total of the last time says where the newest begin, unless many came. */
  async #newest(): Promise<JournalPage> {
    for (;;) {
      const after = Math.max(0, this.#total - NEWEST);
      const page = (await this.mock.call('GET', `journal?after=${after}`)) as JournalPage;
      const isNewest = page.next === null && page.total >= this.#total;
      this.#total = page.total;
      if (isNewest) return page;
    }
  }
}
