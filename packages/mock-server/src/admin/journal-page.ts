import type { JournalEntry } from '../journal/journal.types.js';
import { maskIdCard, maskMobile, maskName } from '../journal/mask.js';
import type { MockNamespace } from '../namespace/mock-namespace.js';
import { whole } from './json-schema.js';
import { costView } from './views.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Query of `GET /__admin/journal`. */
export const JOURNAL_QUERY = {
  after: whole('Index of the last entry to skip. 0, the default, starts at the oldest stored entry.'),
  limit: { ...whole('Maximum number of entries.', 1, MAX_LIMIT), default: DEFAULT_LIMIT },
  last: whole('Skips all entries but the newest ones of this number. Combines with `after`.', 1, MAX_LIMIT),
};

/** Masks an entry of a raw journal. An entry that is masked already stays as it is. */
function maskedEntry(entry: JournalEntry): JournalEntry {
  const { person } = entry;
  if (person === null) return entry;
  const { name, idCard, mobile } = person;
  return { ...entry, person: { name: maskName(name), idCard: maskIdCard(idCard), mobile: maskMobile(mobile) } };
}

/**
 * One page of a journal.
 *
 * @param options.masked masks a raw journal too, for whoever knows only the hash of the namespace
 */
export function journalPage(
  namespace: MockNamespace,
  query: Readonly<Record<string, number | undefined>>,
  { masked = false } = {},
) {
  const { after = 0, last = Infinity, limit = last === Infinity ? DEFAULT_LIMIT : MAX_LIMIT } = query;
  const kept = namespace.journal();
  const from = Math.max(after, namespace.journalled() - last);
  const later = kept.filter(({ index }) => index > from);
  const entries = later.slice(0, limit).map((entry) => (masked ? maskedEntry(entry) : entry));
  return {
    entries,
    next: later.length > entries.length ? (entries.at(-1)?.index ?? null) : null,
    total: namespace.journalled(),
    evicted: namespace.journalled() - kept.length,
    cost: costView(namespace.cost()),
  };
}
