/**
 * What a user of the module writes, by route. Each line names the cases in which it runs; a line without cases always
 * runs, and one that begins with a comment never does.
 */
const OFFICE = [
  ['try {'],
  ['  const { outcome } = await idv.verify(identity);', 'match', 'mismatch', 'no_record', 'indeterminate', 'error'],
  ["  if (outcome === 'match') return letIn();", 'match'],
  ["  if (outcome === 'mismatch') return askToCorrect();", 'mismatch'],
  ['  return offerAnotherWay();', 'no_record', 'indeterminate'],
  ['} catch (error) {', 'error'],
  ['  if (error.violations) return show(error.violations);', 'input'],
  ["  if (error.billed !== 'no') return askLater(error);", 'paid_error'],
  ['  throw error; // the filter: 422, 429, 502, 503, 504', 'free_error'],
  ['}'],
];

const SIGNUP = [
  ["@Controller('enrolments')"],
  ['export class EnrolmentsController {'],
  ['  @Post()'],
  ['  @RequireVerifiedIdentity() // 403, 422, 429, 502 …', 'mismatch', 'no_record', 'indeterminate', 'error'],
  ['  enrol(@VerifiedIdentity() person: VerifiedIdentity) {', 'match'],
  ['    // Runs for a match only, and keeps no identity:', 'match'],
  ['    const id = this.subjectIds.of(person.idCard);', 'match'],
  ['    return this.accounts.open(id, person.seqNo);', 'match'],
  ['  }'],
  ['}'],
];

const LENDING = [
  ['// Its own account, budget, latch and circuit; what'],
  ['// the other instance knows costs again here.'],
  ["IdentityVerifyModule.forRoot({ name: 'lending', … })"],
  [''],
  ["constructor(@InjectIdentityVerify('lending')"],
  ['  private readonly idv: IdentityVerifyService) {}'],
  [''],
  ['const { outcome } = await this.idv.verify(identity);', 'match', 'mismatch', 'no_record', 'indeterminate', 'error'],
  ["if (outcome !== 'match') throw new Forbidden…();", 'mismatch', 'no_record', 'indeterminate'],
  ['return { accepted: true };', 'match'],
];

const OF_ROUTE = { office: OFFICE, signup: SIGNUP, lending: LENDING };

/**
 * Ten lines, each with whether it runs in a case.
 *
 * @param {'office' | 'signup' | 'lending'} route
 * @param {{ outcome?: string | null, errorCode?: string | null, billed?: string }} [ended] nothing before an answer
 * @returns {readonly { line: string, runs: boolean }[]}
 */
export function snippet(route, ended = {}) {
  const { outcome, errorCode, billed } = ended;
  const cases = new Set();
  if (outcome) cases.add(outcome);
  if (errorCode) {
    cases.add('error');
    const isInput = errorCode === 'IDV_INPUT_INVALID' || errorCode === 'IDV_TEST_IDENTITY_REFUSED';
    cases.add(isInput ? 'input' : billed === 'no' ? 'free_error' : 'paid_error');
  }
  return OF_ROUTE[route].map(([line, ...when]) => ({ line, runs: when.some((each) => cases.has(each)) }));
}
