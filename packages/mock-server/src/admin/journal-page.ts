import type { MockNamespace } from '../namespace/mock-namespace.js';
import { whole } from './json-schema.js';
import { costView } from './views.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Query of `GET /__admin/journal`. */
export const JOURNAL_QUERY = {
  after: whole('Index of the last entry to skip. 0, the default, starts at the oldest stored entry.'),
  limit: { ...whole('Maximum number of entries.', 1, MAX_LIMIT), default: DEFAULT_LIMIT },
};

/** One page of a journal. */
export function journalPage(namespace: MockNamespace, query: Readonly<Record<string, number | undefined>>) {
  const { after = 0, limit = DEFAULT_LIMIT } = query;
  const kept = namespace.journal();
  const later = kept.filter(({ index }) => index > after);
  const entries = later.slice(0, limit);
  return {
    entries,
    next: later.length > entries.length ? (entries.at(-1)?.index ?? null) : null,
    total: namespace.journalled(),
    evicted: namespace.journalled() - kept.length,
    cost: costView(namespace.cost()),
  };
}
