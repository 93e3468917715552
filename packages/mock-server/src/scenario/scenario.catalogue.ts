import {
  GATEWAY_ANSWERS,
  NO_STATE,
  NULL_DATA,
  RESPONSE_CODES,
  STATES,
  SUCCESS_CODE,
  TEST_MOBILES,
  TRANSPORT_FAULTS,
  describeCode,
  describeGatewayRow,
  describeState,
  type Billed,
  type Described,
  type GatewayRow,
  type TestScenario,
  type TransportFault,
} from '@identity-verify/contract';
import { nearest } from '../text/nearest.js';
import { quotedName } from '../text/quoted-name.js';
import type { Scenario } from './scenario.types.js';

const successMessage = RESPONSE_CODES.find(({ code }) => code === SUCCESS_CODE)?.message ?? '';

/** Adds the reserved mobile of the scenario, if there is one. */
function withMobile(scenario: Scenario, wanted: (reserved: TestScenario) => boolean): Scenario {
  const mobile = TEST_MOBILES.find((reserved) => wanted(reserved.scenario))?.mobile;
  return mobile === undefined ? scenario : { ...scenario, mobile };
}

function successScenario(
  id: string,
  aliases: readonly string[],
  described: Described,
  data: Readonly<Record<string, string>> | null,
  billed: Billed,
): Scenario {
  const effect = { kind: 'reply', code: SUCCESS_CODE, message: successMessage, data } as const;
  return withMobile(
    { id, aliases, ...described, effect, billed },
    (reserved) => reserved.kind === 'state' && `state-${reserved.state ?? 'null'}` === id,
  );
}

const STATE_ALIASES: Readonly<Record<string, readonly string[]>> = {
  '1': ['match'],
  '2': ['mismatch'],
  '3': ['abnormal'],
};

const states = STATES.map((row) => {
  const { state, billed } = row;
  return successScenario(`state-${state}`, STATE_ALIASES[state] ?? [], describeState(row), { state }, billed);
});

/** The descriptions of replies that only the mock has: the vendor documents none of them. */
const UNDOCUMENTED = {
  noState: {
    description: `${SUCCESS_CODE} with data that has no state.`,
    descriptionZh: `${SUCCESS_CODE}，data 中没有 state。`,
  },
  unknownState: {
    description: `${SUCCESS_CODE} with a state that is not documented.`,
    descriptionZh: `${SUCCESS_CODE}，state 未见于文档。`,
  },
  unknownCode: {
    description: '99999: a code that is not documented.',
    descriptionZh: '99999：未见于任何文档的代码。',
  },
} as const satisfies Readonly<Record<string, Described>>;

/** Replies with code 10000 that are not a match. A client that checks only the code takes them for one. */
// prettier-ignore
const statelessSuccesses: readonly Scenario[] = [
  successScenario('state-null', ['null-data'], NULL_DATA, null, NO_STATE.billed),
  successScenario('state-missing', [], UNDOCUMENTED.noState, {}, NO_STATE.billed),
  successScenario('state-unknown', [], UNDOCUMENTED.unknownState, { state: '9' }, NO_STATE.billed),
];

const codes = RESPONSE_CODES.flatMap((row): Scenario[] => {
  if (row.kind === 'by_state') return [];
  const scenario: Scenario = {
    id: `code-${row.code}`,
    aliases: row.kind === 'answer' ? [row.code, row.outcome.replaceAll('_', '-')] : [row.code],
    ...describeCode(row),
    effect: { kind: 'reply', code: row.code, message: row.message, data: null },
    ...(row.kind === 'error' && { category: row.category }),
    billed: row.billed,
  };
  return [withMobile(scenario, (reserved) => reserved.kind === 'code' && reserved.code === row.code)];
});

const undocumentedCode: Scenario = {
  id: 'code-unknown',
  aliases: ['99999'],
  ...UNDOCUMENTED.unknownCode,
  effect: { kind: 'reply', code: '99999', message: '未知', data: null },
  billed: 'unknown',
};

const gateway = GATEWAY_ANSWERS.map((row: GatewayRow) => {
  const scenario: Scenario = {
    id: `gateway-${row.id}`,
    aliases: [row.id],
    ...describeGatewayRow(row),
    effect: { kind: 'gateway', row },
    category: row.category,
    billed: row.billed,
  };
  return withMobile(scenario, (reserved) => reserved.kind === 'gateway' && reserved.rowId === row.id);
});

const faults = TRANSPORT_FAULTS.map((fault: TransportFault) => {
  const scenario: Scenario = {
    id: `fault-${fault.name}`,
    aliases: [fault.name],
    description: fault.description,
    descriptionZh: fault.descriptionZh,
    effect: { kind: 'fault', fault },
    // In every fault except those at connect, the upstream may have received the whole question.
    billed: fault.phase === 'connect' ? 'no' : 'unknown',
  };
  return withMobile(scenario, (reserved) => reserved.kind === 'fault' && reserved.fault === fault.name);
});

/** All scenarios, derived from the tables of the contract. */
export const SCENARIOS: readonly Scenario[] = [
  ...states,
  ...statelessSuccesses,
  ...codes,
  undocumentedCode,
  ...gateway,
  ...faults,
];

const byName = new Map<string, Scenario>();
for (const scenario of SCENARIOS) for (const alias of scenario.aliases) byName.set(alias, scenario);
// Ids are added last, so that an alias never hides an id.
for (const scenario of SCENARIOS) byName.set(scenario.id, scenario);

const byMobile = new Map(
  SCENARIOS.flatMap((scenario) => (scenario.mobile ? [[scenario.mobile, scenario] as const] : [])),
);

/** Returns the scenario with this id or alias, or undefined. */
export function findScenario(name: string): Scenario | undefined {
  return byName.get(name);
}

/** Returns the scenario of a reserved mobile, or undefined for any other mobile. */
export function scenarioOfMobile(mobile: string): Scenario | undefined {
  return byMobile.get(mobile);
}

/** There is no scenario with the given name. `nearest` contains similar names. */
export class UnknownScenarioError extends Error {
  override readonly name = 'UnknownScenarioError';
  readonly nearest: readonly string[];

  constructor(wanted: string) {
    const names = nearest(wanted, byName.keys());
    const hint = names.length
      ? `Did you mean ${names.map((n) => `"${n}"`).join(', ')}?`
      : 'GET /__admin/scenarios lists them all.';
    super(`There is no scenario ${quotedName(wanted)}. ${hint}`);
    this.nearest = names;
  }
}

/** Returns the scenario with this id or alias. @throws UnknownScenarioError with the nearest names */
export function requireScenario(name: string): Scenario {
  const scenario = findScenario(name);
  if (!scenario) throw new UnknownScenarioError(name);
  return scenario;
}
