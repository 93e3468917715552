import { isWrong, type RaceScript } from './race.script.js';
import {
  REASONS,
  type Amount,
  type ByRacer,
  type Decided,
  type Handling,
  type JournalCall,
  type RaceFigures,
  type RacerFigures,
  type RacerRecord,
  type Reason,
} from './race.types.js';

/** Who a call belongs to that the journal does not attribute. */
const NOBODY = -1;

/**
 * Counts calls and money from the journals up to a moment, and says why the two clients differ. The difference of each
 * person has one reason, so the reasons sum up to the difference, whatever the records contain.
 *
 * @param tMs counts what happened up to here, in milliseconds of the script. @default everything
 */
export function tally(script: RaceScript, records: ByRacer<RacerRecord>, tMs = Infinity): RaceFigures {
  const until = (calls: readonly JournalCall[]) => calls.filter((call) => call.tMs <= tMs);
  const calls = { naive: until(records.naive.calls), module: until(records.module.calls) };
  const saved = Object.fromEntries(REASONS.map((reason) => [reason, { calls: 0, fen: 0 }])) as Record<Reason, Amount>;
  const sums = { naive: byPerson(calls.naive), module: byPerson(calls.module) };
  const handled = handlings(records.module.decisions);
  for (const person of new Set([...sums.naive.keys(), ...sums.module.keys()])) {
    const naive = sums.naive.get(person) ?? NOTHING;
    const module = sums.module.get(person) ?? NOTHING;
    const reason = reasonFor(handled.get(person) ?? NO_HANDLINGS, naive, module);
    saved[reason] = plus(saved[reason], { calls: naive.calls - module.calls, fen: naive.fen - module.fen });
  }
  return {
    tMs: Number.isFinite(tMs) ? tMs : script.durationMs,
    naive: { ...moneyOf(calls.naive), ...peopleOf(script, records.naive.decisions, tMs) },
    module: { ...moneyOf(calls.module), ...peopleOf(script, records.module.decisions, tMs) },
    saved,
  };
}

const NOTHING: Amount = { calls: 0, fen: 0 };
const NO_HANDLINGS: ReadonlySet<Handling> = new Set();

const plus = (one: Amount, other: Amount): Amount => ({
  calls: one.calls + other.calls,
  fen: one.fen + other.fen,
});

/** In the order in which they decide: what the module did not do because a call may have been paid for comes first. */
const REASON_OF: readonly (readonly [Handling, Reason])[] = [
  ['in_doubt', 'maybe_paid'],
  ['joined', 'joined'],
  ['ledger', 'ledger'],
  ['unsent', 'checked'],
  ['skipped', 'checked'],
];

function reasonFor(handled: ReadonlySet<Handling>, naive: Amount, module: Amount): Reason {
  const found = REASON_OF.find(([handling]) => handled.has(handling));
  if (found) return found[1];
  return module.calls > naive.calls && module.fen <= naive.fen ? 'repeated' : 'other';
}

function byPerson(calls: readonly JournalCall[]): Map<number, Amount> {
  const sums = new Map<number, Amount>();
  for (const { person = NOBODY, fen } of calls) {
    sums.set(person, plus(sums.get(person) ?? NOTHING, { calls: 1, fen }));
  }
  return sums;
}

function handlings(decisions: readonly Decided[]): Map<number, Set<Handling>> {
  const sets = new Map<number, Set<Handling>>();
  for (const { person, how } of decisions) sets.set(person, (sets.get(person) ?? new Set()).add(how));
  return sets;
}

function moneyOf(calls: readonly JournalCall[]): Amount & { maybeFen: number } {
  const sum = (some: readonly JournalCall[]) => some.reduce((total, { fen }) => total + fen, 0);
  return {
    calls: calls.length,
    fen: sum(calls),
    maybeFen: sum(calls.filter(({ billed }) => billed === 'unknown')),
  };
}

function peopleOf(
  script: RaceScript,
  decisions: readonly Decided[],
  tMs: number,
): Omit<RacerFigures, keyof Amount | 'maybeFen'> {
  const past = decisions.filter((decision) => decision.tMs <= tMs);
  const tried = new Set(past.map(({ person }) => person));
  const letIn = new Set(past.filter((decision) => decision.letIn).map(({ person }) => person));
  const wrong = [...letIn].filter((index) => isWrong(script.people[index]!)).length;
  const right = [...tried].filter((index) => !isWrong(script.people[index]!)).length;
  return { wrongIn: wrong, rightIn: letIn.size - wrong, rightWaiting: right - (letIn.size - wrong) };
}
