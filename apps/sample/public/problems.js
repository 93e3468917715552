/** Selects the explanation of an error: by its code, then by the status. */
const GROUP_OF_CODE = {
  IDV_DENIED: 'denied',
  IDV_INPUT_INVALID: 'input',
  IDV_UPSTREAM_INVALID_INPUT: 'input_upstream',
  IDV_TEST_IDENTITY_REFUSED: 'reserved',
  IDV_BUDGET_EXHAUSTED: 'budget',
  IDV_SUBJECT_LIMIT: 'guessing',
  IDV_SAME_PARAMETER_BLOCKED: 'same_question',
  IDV_SAME_PARAMETER_LIMIT: 'same_question',
  IDV_LATCHED: 'latched',
  IDV_QUOTA: 'account',
  IDV_AUTHENTICATION: 'account',
  IDV_AUTHORIZATION: 'account',
  IDV_DISABLED: 'account',
  IDV_CONFIGURATION: 'account',
  IDV_CREDENTIALS_UNAVAILABLE: 'account',
  IDV_MALFORMED_REQUEST: 'malformed',
  IDV_IN_DOUBT: 'doubt',
  IDV_CIRCUIT_OPEN: 'resting',
  IDV_OVERLOADED: 'overloaded',
  IDV_CAPACITY: 'overloaded',
  IDV_LEDGER_UNAVAILABLE: 'ledger_down',
  IDV_SHUTTING_DOWN: 'overloaded',
  IDV_ABORTED: 'cancelled',
  IDV_BUSY: 'busy',
  IDV_RATE_LIMITED: 'busy',
  IDV_CONNECT_FAILED: 'unreachable',
  IDV_CONNECTION_LOST: 'lost',
  IDV_TIMEOUT: 'timeout',
  IDV_UPSTREAM_TIMEOUT: 'timeout',
};

/** @param {{ code?: string, status: number }} problem a problem document @returns the key of its texts */
export function groupOf({ code, status }) {
  if (code !== undefined) return GROUP_OF_CODE[code] ?? 'failed';
  if (status === 403) return 'denied';
  return status === 429 ? 'throttled' : 'request';
}
