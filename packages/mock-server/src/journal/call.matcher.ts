import { requireScenario } from '../scenario/scenario.catalogue.js';
import type { Fingerprinter } from './fingerprint.js';
import type { JournalEntry, PersonFields } from './journal.types.js';
import { maskIdCard, maskMobile, maskName } from './mask.js';
import type { CallMatcher, FieldDifference } from './expectation.types.js';

const PERSON_FIELDS = ['name', 'idCard', 'mobile'] as const satisfies readonly (keyof PersonFields)[];
const PLAIN_FIELDS = ['decidedBy', 'code', 'billed'] as const;

const MASKS = { name: maskName, idCard: maskIdCard, mobile: maskMobile };

/** A matcher with precomputed fingerprints and its resolved scenario. */
export interface CompiledMatcher {
  readonly matcher: CallMatcher;
  differences(entry: JournalEntry): FieldDifference[];
}

/**
 * Compiles a matcher.
 *
 * @throws UnknownScenarioError if it names an unknown scenario, which would never match
 */
export function compileMatcher(matcher: CallMatcher, fingerprints: Fingerprinter): CompiledMatcher {
  const scenario = matcher.scenario === undefined ? undefined : requireScenario(matcher.scenario).id;
  const persons = PERSON_FIELDS.flatMap((field) => {
    const plain = matcher[field];
    return plain === undefined ? [] : [{ field, hash: fingerprints.of(field, plain), masked: MASKS[field](plain) }];
  });

  const differences = (entry: JournalEntry): FieldDifference[] => {
    const found: FieldDifference[] = [];
    for (const { field, hash, masked } of persons) {
      if (entry.fingerprints?.[field] === hash) continue;
      // Messages mask the values of a raw journal as well.
      const actual = entry.person ? MASKS[field](entry.person[field]) : 'nothing';
      found.push({ field, expected: masked, actual: actual === masked ? `${actual}, but another` : actual });
    }
    if (scenario !== undefined && entry.scenario !== scenario) {
      found.push({ field: 'scenario', expected: scenario, actual: entry.scenario ?? 'none' });
    }
    for (const field of PLAIN_FIELDS) {
      const expected = matcher[field];
      if (expected !== undefined && entry[field] !== expected) {
        found.push({ field, expected, actual: entry[field] ?? 'none' });
      }
    }
    return found;
  };
  return { matcher, differences };
}
