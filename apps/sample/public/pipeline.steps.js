/**
 * The steps of a question, in the order in which it meets them. The ledger is asked before the limits, because an
 * answer that it has costs nothing and counts against none of them.
 */
export const STEPS = ['check', 'ledger', 'latch', 'subject', 'budget', 'breaker', 'upstream'];

/** The step at which an error of the module stops a question. All others come from the upstream. */
const STOPPED_AT = {
  IDV_INPUT_INVALID: 'check',
  IDV_TEST_IDENTITY_REFUSED: 'check',
  IDV_SHUTTING_DOWN: 'check',
  IDV_IN_DOUBT: 'ledger',
  IDV_SAME_PARAMETER_BLOCKED: 'ledger',
  IDV_LEDGER_UNAVAILABLE: 'ledger',
  IDV_LATCHED: 'latch',
  IDV_SUBJECT_LIMIT: 'subject',
  IDV_BUDGET_EXHAUSTED: 'budget',
  IDV_CAPACITY: 'budget',
  IDV_CIRCUIT_OPEN: 'breaker',
  IDV_OVERLOADED: 'breaker',
  IDV_CREDENTIALS_UNAVAILABLE: 'breaker',
};

/** What can be undone at a step, and how it is called in the API of the playground. */
export const UNDO = { ledger: 'person', latch: 'latch', subject: 'person', breaker: 'circuit' };

/**
 * @typedef {'waiting' | 'passed' | 'stopped' | 'answered'} StepState `waiting`: the question did not get there
 */

/**
 * Says how far a question got.
 *
 * @param {{ errorCode: string | null, source: string | null }} trace
 * @returns {{ last: string, states: Record<string, StepState> }} `last` is the step that answered or stopped it
 */
export function stepsOf({ errorCode, source }) {
  const isKept = source === 'ledger' || source === 'joined';
  const last = isKept ? 'ledger' : (errorCode !== null && STOPPED_AT[errorCode]) || 'upstream';
  const end = STEPS.indexOf(last);
  const stateOf = (index) => {
    if (index < end) return 'passed';
    if (index > end) return 'waiting';
    return errorCode === null ? 'answered' : 'stopped';
  };
  return { last, states: Object.fromEntries(STEPS.map((step, index) => [step, stateOf(index)])) };
}
