/**
 * The upstream as data: codes, gateway rows, faults and test identities.
 *
 * @module @identity-verify/contract
 */

export type {
  AnswerVerdict,
  Billed,
  ErrorVerdict,
  Outcome,
  Retry,
  UpstreamErrorCategory,
  Verdict,
} from './verdict.types.js';
export { OUTCOMES } from './verdict.types.js';
export { RESPONSE_CODES, SUCCESS_CODE, type ResponseCode, type ResponseCodeRow } from './response-codes.data.js';
export { NO_STATE, STATES, type State, type StateRow } from './states.data.js';
export {
  MEANINGS,
  NULL_DATA,
  describeCode,
  describeGatewayRow,
  describeState,
  type Described,
} from './descriptions.data.js';
export { GATEWAY_HEADERS, GATEWAY_ROWS, type GatewayRow, type GatewayRowId } from './gateway-rows.data.js';
export { GATEWAY_ANSWERS, GATEWAY_FAMILIES, GATEWAY_UNLISTED, type GatewayFamily } from './gateway-families.data.js';
export {
  DEFAULT_FEN_PER_CALL,
  ENDPOINT,
  FORM_FIELDS,
  GATEWAY_LIMITS,
  PRICE_TIERS,
  type PriceTier,
  type VerificationForm,
} from './endpoint.data.js';
export {
  TRANSPORT_FAULTS,
  type FaultPhase,
  type TransportFault,
  type TransportFaultName,
} from './transport-faults.data.js';
export {
  TEST_BIRTH_DATE,
  TEST_MOBILE_PREFIX,
  TEST_MOBILES,
  TEST_POPULATION,
  isTestMobile,
  type TestMobile,
  type TestPerson,
  type TestScenario,
} from './test-identities.data.js';
export { parseReply, type ParsedReply, type ReplyFault, type VerificationReply } from './reply.parser.js';
export type { JsonFault } from './strict-json.parser.js';
