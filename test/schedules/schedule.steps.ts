import { TEST_MOBILES, TEST_POPULATION, TRANSPORT_FAULTS } from '@identity-verify/contract';
import { SCENARIOS } from '@identity-verify/mock-server';
import type { CallBudget, Identity } from '@identity-verify/nestjs';
import fc from 'fast-check';

/** The accounts of a schedule: the instance's own, and two tenants. */
export const SCOPES = ['own', 'code', 'signed'] as const;
export type Scope = (typeof SCOPES)[number];

/** Faults that cost time and show nothing that `test/faults` does not: their replies have a megabyte and more. */
const HEAVY = new Set(['fault-gzip-bomb', 'fault-oversized-body', 'fault-flood-of-102']);
const ANY_SCENARIO = SCENARIOS.filter(({ id }) => !HEAVY.has(id)).map(({ id }) => id);
const MOBILES = TEST_MOBILES.filter(
  ({ scenario }) => scenario.kind !== 'fault' || !HEAVY.has(`fault-${scenario.fault}`),
).map(({ mobile }) => mobile);
const FAULTS = TRANSPORT_FAULTS.map(({ name }) => `fault-${name}`).filter((id) => !HEAVY.has(id));

/** The scenarios in which money or an answer is at stake. */
const TELLING = [
  'match',
  'mismatch',
  'no-record',
  'state-3',
  'code-10009',
  'code-10015',
  'code-10017',
  'code-10019',
  'gateway-throttled-by-api',
  'gateway-quota-exhausted',
  'fault-reset-at-connect',
  'fault-reset-after-request',
  'fault-hang',
  'fault-hang-mid-body',
  'fault-truncated-length',
  'fault-duplicate-reply',
  'fault-early-close',
  'fault-contradictory-reply',
];

/** The spellings in which one person types one identity. */
export const SPELLINGS: readonly ((identity: Identity) => Identity)[] = [
  (identity) => identity,
  ({ name, idCard, mobile }) => ({ name: ` ${name}\u200b`, idCard: idCard.toLowerCase(), mobile: `+86 ${mobile}` }),
  ({ name, idCard, mobile }) => ({
    name,
    idCard: `\u202d${idCard}\u202c`,
    mobile: `${mobile.slice(0, 3)}-${mobile.slice(3)}`,
  }),
];

/** Mostly the three people as they are; also with another's name or mobile, or with a mobile that selects a scenario. */
const question = fc.record({
  person: fc.constantFrom(0, 0, 0, 0, 1, 2),
  name: fc.constantFrom('own', 'own', 'own', 'own', 'own', 'other'),
  mobile: fc.oneof(
    { weight: 8, arbitrary: fc.constant('own') },
    { weight: 1, arbitrary: fc.constant('other') },
    { weight: 2, arbitrary: fc.constantFrom(...MOBILES) },
  ),
});
// Mostly one and the same, because what goes wrong needs several steps of one question.
const scope = fc.constantFrom<Scope>('own', 'own', 'own', 'code', 'signed');
const client = fc.nat(1);

const seldom = fc.constantFrom(false, false, true);

const verify = fc.record({
  do: fc.constant('verify' as const),
  client,
  scope,
  question,
  spelling: fc.nat(SPELLINGS.length - 1),
  fresh: seldom,
  insist: seldom,
  guarded: fc.boolean(),
});
const script = fc.record({
  do: fc.constant('script' as const),
  scope,
  scenario: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...TELLING) },
    { weight: 1, arbitrary: fc.constantFrom(...FAULTS) },
    { weight: 1, arbitrary: fc.constantFrom(...ANY_SCENARIO) },
  ),
  latencyMs: fc.constantFrom(0, 0, 0, 60, 700, 1_500),
});

/** One step of a schedule. */
export const step = fc.oneof(
  { weight: 10, arbitrary: verify },
  { weight: 5, arbitrary: script },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 20, 300, 900, 900, 3_000, 3_000, 9_000, 70_000, 86_400_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), staysDown: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rotate' as const), client }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), client, question }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const), client, scope }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('quota' as const), scope, callsLeft: fc.nat(2) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What holds for a whole schedule. */
export const setting = fc.record({
  /** How the mock replies. */
  dialect: fc.record({
    successHeader: fc.boolean(),
    strictWire: fc.boolean(),
    gatewayErrorCodes: fc.boolean(),
  }),
  budget: fc.constantFrom<CallBudget>({}, {}, { callsPerDay: 5, callsPerMonth: 7 }),
  /** How far the rotation of the pepper has come in both processes. */
  stage: fc.constantFrom(0, 1, 1, 2, 3),
});
export type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

/** The identity of a question, as it is sent. */
export function identityOf({ person, name, mobile }: Extract<Step, { do: 'verify' }>['question']): Identity {
  const known = TEST_POPULATION[person]!;
  const next = TEST_POPULATION[(person + 1) % TEST_POPULATION.length]!;
  return {
    idCard: known.idCard,
    name: name === 'own' ? known.name : '测试丁',
    mobile: mobile === 'own' ? known.mobile : mobile === 'other' ? next.mobile : mobile,
  };
}
