/**
 * A scripted upstream, a clock and a suite for ledgers, for tests without a network.
 *
 * @module @identity-verify/nestjs/testing
 */

export { ledgerConformance, type LedgerConformanceCase, type LedgerHarness } from './ledger.conformance.js';
export { ManualClock } from './manual.clock.js';
export { FakeUpstream, type FakeReply, type FakeUpstreamCost } from './fake.upstream.js';
export { IdentityVerifyTestingModule, type IdentityVerifyTestingOptions } from './identity-verify.testing-module.js';
export { TEST_MOBILES, TEST_POPULATION, type TestPerson } from '@identity-verify/contract';
