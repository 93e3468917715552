/**
 * The mock upstream, to start from a program, and the clients of its admin API.
 *
 * @module @identity-verify/mock-server
 */

export { startMockServer, type CloseOptions, type MockServer } from './server/mock-server.js';
export type { MockServerOptions } from './server/mock-options.types.js';
export { MockOptionsError } from './server/mock-options.check.js';
export type { SetTimer } from './support/timer.js';
export { MockNamespace } from './namespace/mock-namespace.js';
export type { LatencySettings } from './namespace/latency.js';
export type { QuotaSettings, QuotaState } from './namespace/quota.js';
export type { QueuedScenario } from './namespace/scenario.queue.js';
export { ScenarioSettingsError } from './namespace/settings.check.js';
export { ClockRangeError } from './namespace/virtual-clock.js';
export type { ListedRule, ScenarioRule } from './namespace/scenario.rules.js';
export type { ThrottleScope, ThrottleSettings } from './namespace/throttle.js';
export { defaultAppSecret, type AppCredential } from './auth/credentials.js';
export type { SignatureEcho } from './auth/signature.echo.js';
export type { Cost, CredentialChannel, DecisionStage, JournalEntry, PersonFields } from './journal/journal.types.js';
export {
  JournalIncompleteError,
  MockVerificationError,
  type CallMatcher,
  type FieldDifference,
  type JournalExpectation,
  type JournalVerdict,
  type NearMiss,
  type Times,
} from './journal/expectation.types.js';
export type { JournalMode } from './pipeline/journalist.js';
export { SCENARIOS, UnknownScenarioError, findScenario } from './scenario/scenario.catalogue.js';
export type { DefaultAnswer } from './pipeline/scenario.selector.js';
export type { Scenario, ScenarioEffect } from './scenario/scenario.types.js';
export { readPopulationFile, PopulationFileError } from './scenario/population.file.js';
export {
  RemoteMockError,
  RemoteNamespace,
  remoteNamespaceFromEnvironment,
  type RemoteNamespaceOptions,
} from './remote/remote-namespace.js';
export type { TlsCredentials } from './server/mock-options.types.js';
export type { Play } from './namespace/scenario.queue.js';
