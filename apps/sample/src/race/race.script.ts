import { checkIdNumber, type Identity } from '@identity-verify/nestjs';
import { seededRandom } from './seeded.random.js';

/** The answer of the upstream about a person, and thereby whether the three fields are theirs. */
export type Truth = 'match' | 'mismatch' | 'no_data' | 'no_record';

/** What happens to a person during the minute. */
export type Story = 'plain' | 'double_click' | 'sent_twice' | 'pasted' | 'mistyped' | 'time_out' | 'busy';

/** A synthetic person who signs up. No two have the same first character, by which the mock's masked journal tells them apart. */
export interface RacePerson {
  readonly identity: Identity;
  readonly truth: Truth;
  readonly story: Story;
}

/** A form that is sent. */
export interface Submission {
  readonly kind: 'submit';
  /** In milliseconds of the script. */
  readonly atMs: number;
  /** Index of the person. */
  readonly person: number;
  /** The fields as typed, which may not be those of the person. */
  readonly typed: Identity;
  /** True for somebody who tries again: they do so only if they were turned away before. */
  readonly unlessLetIn: boolean;
}

/** A rule of the mock: these exact fields get this scenario. The newest rule wins. */
export interface MockRule {
  readonly when: Partial<Identity>;
  readonly scenario: string;
}

/** The upstream recovers for some people, after every question of theirs has ended. */
export interface Recovery {
  readonly kind: 'recover';
  readonly atMs: number;
  readonly people: readonly number[];
  readonly rules: readonly MockRule[];
}

/** A period in which the upstream is in trouble, for the picture. */
export interface Spell {
  readonly kind: 'time_out' | 'busy';
  readonly fromMs: number;
  readonly toMs: number;
}

/** One minute of sign-ups. Data only: equal seeds give equal scripts. */
export interface RaceScript {
  readonly seed: number;
  readonly durationMs: number;
  readonly people: readonly RacePerson[];
  /** The rules of the mock at the start. */
  readonly rules: readonly MockRule[];
  /** In the order of time. */
  readonly steps: readonly (Submission | Recovery)[];
  readonly spells: readonly Spell[];
}

/** Whether a client that lets this person in makes a mistake. Nobody said that the three fields are theirs. */
export const isWrong = ({ truth }: RacePerson): boolean => truth !== 'match';

const DURATION_MS = 60_000;
const DEFAULT_SEED = 1979;

/** First characters of the names, all different. */
const SURNAMES = Array.from('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云');

const FIRST_MS = 1_000;
const INTERVAL_MS = 1_350;
const JITTER_MS = 350;

/** Which sign-up has which story; all others go well. */
const STORIES: Readonly<Partial<Record<Story, readonly number[]>>> = {
  double_click: [2, 5, 11, 14, 18, 22, 32, 36],
  sent_twice: [4, 16, 24],
  pasted: [3, 8, 13, 20, 33],
  mistyped: [10, 19, 31],
  time_out: [6, 9],
  busy: [26, 27, 28, 29],
};
const TRUTHS: Readonly<Partial<Record<Truth, readonly number[]>>> = {
  mismatch: [7, 15, 25, 34],
  no_data: [21],
  no_record: [17],
};

const SCENARIOS: Readonly<Record<Truth, string>> = {
  match: 'state-1',
  mismatch: 'state-2',
  no_data: 'state-null',
  no_record: 'code-10001',
};

/** The spells begin before the first sign-up that they meet, and end after the last one was turned away. */
const SPELLS: readonly Spell[] = [
  { kind: 'time_out', fromMs: 8_500, toMs: 29_500 },
  { kind: 'busy', fromMs: 35_500, toMs: 42_000 },
];

/** How a chat program, an input method and a document change a copied number. */
const PASTES: readonly ((identity: Identity) => Identity)[] = [
  (identity) => ({ ...identity, mobile: `\u202d${identity.mobile}\u202c` }),
  (identity) => ({ ...identity, mobile: fullWidth(identity.mobile) }),
  (identity) => ({ ...identity, idCard: `\u200b${identity.idCard}` }),
  (identity) => ({ ...identity, idCard: fullWidth(identity.idCard) }),
  (identity) => ({
    ...identity,
    mobile: `${identity.mobile.slice(0, 3)}\u00a0${identity.mobile.slice(3, 7)}\u00a0${identity.mobile.slice(7)}`,
  }),
];

/**
 * Writes the script of a minute: 40 sign-ups, of whom some click twice, send the form twice, paste invisible characters,
 * mistype a digit, or meet an upstream that times out or is busy.
 *
 * @param seed varies the moments, and nothing else. @default 1979
 */
export function raceScript(seed = DEFAULT_SEED): RaceScript {
  const random = seededRandom(seed);
  const between = (least: number, most: number) => Math.round(least + random() * (most - least));
  const people = SURNAMES.map((surname, index) => personAt(surname, index));
  const submissions = people.flatMap((person, index): Submission[] => {
    const atMs = FIRST_MS + index * INTERVAL_MS + between(-JITTER_MS, JITTER_MS);
    const sent = (afterMs: number, typed: Identity, unlessLetIn = false): Submission => ({
      kind: 'submit',
      atMs: atMs + afterMs,
      person: index,
      typed,
      unlessLetIn,
    });
    const { identity } = person;
    switch (person.story) {
      case 'double_click':
        return [sent(0, identity), sent(between(120, 280), identity)];
      case 'sent_twice':
        return [sent(0, identity), sent(between(6_000, 12_000), identity)];
      case 'pasted':
        return [sent(0, pasted(identity, index)), sent(between(5_000, 8_000), identity, true)];
      case 'mistyped':
        return [sent(0, mistyped(identity)), sent(between(5_000, 8_000), identity, true)];
      case 'time_out':
        return [sent(0, identity), sent(between(23_000, 24_000), identity, true)];
      case 'busy':
        return [sent(0, identity), sent(between(11_000, 14_000), identity, true)];
      default:
        return [sent(0, identity)];
    }
  });
  const recoveries = SPELLS.map(({ kind, toMs }) => recovery(people, kind, toMs));
  return {
    seed,
    durationMs: DURATION_MS,
    people,
    rules: people.flatMap(rulesFor),
    steps: [...submissions, ...recoveries].sort((one, other) => one.atMs - other.atMs),
    spells: SPELLS,
  };
}

function personAt(surname: string, index: number): RacePerson {
  const of = <T extends string>(table: Readonly<Partial<Record<T, readonly number[]>>>) =>
    (Object.entries(table) as [T, readonly number[]][]).find(([, indices]) => indices.includes(index))?.[0];
  return {
    identity: {
      name: `${surname}测试`,
      idCard: syntheticIdNumber(index),
      mobile: `16000030${String(index + 1).padStart(3, '0')}`,
    },
    truth: of(TRUTHS) ?? 'match',
    story: of(STORIES) ?? 'plain',
  };
}

/** A valid number of nobody: born on 1900-01-01. */
function syntheticIdNumber(index: number): string {
  const digits = `110101190001015${String(index).padStart(2, '0')}`;
  return digits + checkCharacter(digits);
}

function checkCharacter(digits: string): string {
  return Array.from('0123456789X').find((last) => checkIdNumber(digits + last, { today: 20_000_101 }).ok) ?? '';
}

/** The last character is wrong, as after a slip of the finger; the birth date stays synthetic. */
function mistyped(identity: Identity): Identity {
  const last = identity.idCard.slice(-1);
  return { ...identity, idCard: identity.idCard.slice(0, -1) + (last === '0' ? '1' : '0') };
}

function pasted(identity: Identity, index: number): Identity {
  const paste = PASTES[STORIES.pasted!.indexOf(index) % PASTES.length]!;
  return paste(identity);
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
}

const TROUBLES: Readonly<Partial<Record<Story, string>>> = { time_out: 'fault-hang', busy: 'code-10017' };

function rulesFor({ identity, truth, story }: RacePerson): MockRule[] {
  const answer = { when: identity, scenario: TROUBLES[story] ?? SCENARIOS[truth] };
  // The upstream knows nobody with the mistyped number.
  return story === 'mistyped' ? [answer, { when: mistyped(identity), scenario: SCENARIOS.no_record }] : [answer];
}

function recovery(people: readonly RacePerson[], story: Story, atMs: number): Recovery {
  const concerned = people.flatMap((person, index) => (person.story === story ? [index] : []));
  return {
    kind: 'recover',
    atMs,
    people: concerned,
    rules: concerned.map((index) => {
      const { identity, truth } = people[index]!;
      return { when: identity, scenario: SCENARIOS[truth] };
    }),
  };
}
