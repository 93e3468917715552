import {
  describeCode,
  describeState,
  GATEWAY_ANSWERS,
  NO_STATE,
  RESPONSE_CODES,
  STATES,
  TEST_MOBILES,
  TEST_POPULATION,
} from '@identity-verify/contract';

/** All questions of the demo, with the description and the result that the contract has for each. */
export function demoQuestions() {
  const [someone] = TEST_POPULATION;
  return [
    ...peopleQuestions(),
    ...TEST_MOBILES.map(({ mobile, scenario, description }) => ({
      identity: { ...someone, mobile },
      description,
      expected: EXPECTED[scenario.kind](scenario),
    })),
  ];
}

const EXPECTED = {
  state: ({ state }) => ofVerdict(STATES.find((row) => row.state === state) ?? NO_STATE),
  code: ({ code }) => ofVerdict(RESPONSE_CODES.find((row) => row.code === code)),
  gateway: ({ rowId }) => ofVerdict(GATEWAY_ANSWERS.find(({ id }) => id === rowId)),
  fault: ({ fault }) => ofFault(fault),
};

/** The population: the right triple, a known ID number with another mobile or name, and an unknown person. */
function peopleQuestions() {
  const [first, second] = TEST_POPULATION;
  const [match, mismatch] = STATES;
  const noRecord = RESPONSE_CODES.find(({ code }) => code === '10001');
  const asked = (identity, { description }, row) => ({ identity, description, expected: ofVerdict(row) });
  return [
    ...TEST_POPULATION.map((person) => asked(person, describeState(match), match)),
    asked({ ...first, mobile: second.mobile }, describeState(mismatch), mismatch),
    asked({ ...first, name: second.name }, describeState(mismatch), mismatch),
    asked({ ...first, idCard: '110101190001010030' }, describeCode(noRecord), noRecord),
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
