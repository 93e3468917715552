import { compileMatcher, type CompiledMatcher } from './call.matcher.js';
import {
  JournalIncompleteError,
  type JournalExpectation,
  type JournalVerdict,
  type NearMiss,
} from './expectation.types.js';
import type { Fingerprinter } from './fingerprint.js';
import type { JournalRing } from './journal.ring.js';
import type { JournalEntry } from './journal.types.js';

/** Lower and upper bound of a count. */
interface Bounds {
  readonly atLeast: number;
  readonly atMost: number;
}

function boundsOf({ times, inOrder }: JournalExpectation): Bounds {
  if (typeof times === 'number') return { atLeast: times, atMost: times };
  if (times === undefined) return { atLeast: inOrder ? 0 : 1, atMost: Infinity };
  return { atLeast: times.atLeast ?? 0, atMost: times.atMost ?? Infinity };
}

function describe({ atLeast, atMost }: Bounds): string {
  if (atLeast === atMost) return `exactly ${atLeast}`;
  if (atMost === Infinity) return `at least ${atLeast}`;
  return atLeast === 0 ? `at most ${atMost}` : `${atLeast} to ${atMost}`;
}

/**
 * Compares the journal with an expectation, without waiting.
 *
 * @throws JournalIncompleteError if evicted entries could change the result. A lower bound that the kept entries meet,
 *   or an upper bound that they exceed, is still a result.
 * @throws UnknownScenarioError if a matcher names an unknown scenario
 */
export function verifyJournal(
  journal: JournalRing,
  fingerprints: Fingerprinter,
  expectation: JournalExpectation,
  mayHaveLost = false,
): JournalVerdict {
  const bounds = boundsOf(expectation);
  const matcher = compileMatcher(expectation.match ?? {}, fingerprints);
  const order = (expectation.inOrder ?? []).map((step) => compileMatcher(step, fingerprints));
  // Trap entries are not calls. They count only if a matcher selects them.
  const wantsTrap = [matcher, ...order].some((m) => m.matcher.decidedBy === 'trap');
  const entries = journal.entries().filter((entry) => wantsTrap || entry.decidedBy !== 'trap');

  const count = entries.filter((entry) => matcher.differences(entry).length === 0).length;
  const missing = firstMissing(entries, order);
  const tooFew = count < bounds.atLeast;
  const tooMany = count > bounds.atMost;

  const undecided = tooFew || missing !== undefined || (!tooMany && bounds.atMost !== Infinity);
  if (undecided && !tooMany && (journal.evicted > 0 || mayHaveLost)) {
    throw new JournalIncompleteError(
      journal.capacity === 0
        ? 'The journal is off, so nothing can be verified. Start the mock with journal "masked".'
        : `The journal has lost ${journal.evicted || 'an unknown number of'} of its entries, so this cannot be told. ` +
            'Reset the namespace before the test, keep more entries (journalSize), or reset namespaces that are done.',
    );
  }

  const ok = !tooFew && !tooMany && missing === undefined;
  const counted = `expected ${describe(bounds)} matching calls, found ${count} among ${entries.length}`;
  const ordered = missing === undefined ? '' : `; step ${missing + 1} of the expected order did not follow`;
  return {
    ok,
    count,
    message: counted + ordered,
    nearest: tooFew || missing !== undefined ? nearMisses(entries, order[missing ?? -1] ?? matcher) : [],
  };
}

/** Returns true if more calls cannot change the result. A met lower bound is final; an upper bound alone is not. */
export function isSettled(expectation: JournalExpectation, result: JournalVerdict): boolean {
  const bounds = boundsOf(expectation);
  if (result.count > bounds.atMost) return true;
  return result.ok && (bounds.atLeast > 0 || expectation.inOrder !== undefined);
}

/** Returns the index of the first step without a matching entry after the previous step. */
function firstMissing(entries: readonly JournalEntry[], order: readonly CompiledMatcher[]): number | undefined {
  let position = 0;
  for (const [step, matcher] of order.entries()) {
    while (position < entries.length && matcher.differences(entries[position] as JournalEntry).length > 0) position++;
    if (position === entries.length) return step;
    position++;
  }
  return undefined;
}

function nearMisses(entries: readonly JournalEntry[], matcher: CompiledMatcher): NearMiss[] {
  return entries
    .map((entry) => ({ index: entry.index, differences: matcher.differences(entry) }))
    .filter(({ differences }) => differences.length > 0)
    .sort((a, b) => a.differences.length - b.differences.length || b.index - a.index)
    .slice(0, 3);
}
