import {
  GATEWAY_ANSWERS,
  NO_STATE,
  RESPONSE_CODES,
  STATES,
  SUCCESS_CODE,
  TEST_MOBILES,
  TEST_POPULATION,
  TRANSPORT_FAULTS,
} from '@identity-verify/contract';

/** All questions of the demo, with the result that the contract expects. */
export function demoQuestions() {
  const [someone] = TEST_POPULATION;
  return [
    ...peopleQuestions(),
    ...TEST_MOBILES.map(({ mobile, scenario }) => question({ ...someone, mobile }, READERS[scenario.kind](scenario))),
  ];
}

const question = (identity, reading) => Object.assign({ identity }, reading);

const READERS = {
  state: ({ state }) => {
    const row = STATES.find((each) => each.state === state);
    const { message } = RESPONSE_CODES.find(({ code }) => code === SUCCESS_CODE);
    return {
      code: SUCCESS_CODE,
      message: `${message}, ${state === null ? 'data null' : `state ${state} ${row.meaning}`}`,
      expected: ofVerdict(row ?? NO_STATE),
    };
  },
  code: ({ code }) => {
    const row = RESPONSE_CODES.find((each) => each.code === code);
    return { code, message: row.message, expected: ofVerdict(row) };
  },
  gateway: ({ rowId }) => {
    const row = GATEWAY_ANSWERS.find(({ id }) => id === rowId);
    const [code = String(row.statuses[0])] = row.errorCodes;
    return { code, message: row.message || row.id, expected: ofVerdict(row) };
  },
  fault: ({ fault }) => {
    const { name, description } = TRANSPORT_FAULTS.find((each) => each.name === fault);
    return { code: '–', message: `${name}: ${description}`.slice(0, 60), expected: ofFault(name) };
  },
};

/** The population: the right triple, a known ID number with another mobile or name, and an unknown person. */
function peopleQuestions() {
  const [first, second] = TEST_POPULATION;
  const state = (wanted) => READERS.state({ state: wanted });
  return [
    ...TEST_POPULATION.map((person) => question(person, state('1'))),
    question({ ...first, mobile: second.mobile }, state('2')),
    question({ ...first, name: second.name }, state('2')),
    question({ ...first, idCard: '110101190001010030' }, READERS.code({ code: '10001' })),
  ];
}

function ofVerdict(verdict) {
  return {
    ...(verdict.kind === 'answer' ? { result: verdict.outcome } : { category: verdict.category }),
    status: verdict.httpStatus,
    billed: verdict.billed,
  };
}

/**
 * The expected result of a transport fault. The upstream may have received the question, so the billing is unknown. The
 * two faults after a complete reply do not change the answer.
 */
function ofFault(name) {
  return name === 'early-close' || name === 'duplicate-reply' ? ofVerdict(STATES[0]) : { billed: 'unknown' };
}
