import type { CredentialChannel, DecisionStage, PersonFields } from '../journal/journal.types.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Play } from '../namespace/scenario.queue.js';

/** Why the mock itself refuses: not something the vendor would say. */
export interface MockRefusal {
  readonly error: 'unknown_scenario' | 'real_looking_person' | 'too_busy';
  readonly message: string;
  /** What was probably meant. */
  readonly nearest?: readonly string[];
}

/** What the pipeline made of a request. */
export interface Decision {
  /** The rule that won. */
  readonly stage: DecisionStage;
  /** The number of the rule, where a rule won. */
  readonly rule?: number;
  /** What is played; a refusal of the mock's own plays the row for requests that are wrong. */
  readonly play: Play;
  readonly refusal?: MockRefusal;
  /** `X-Ca-Error-Message`, where it is not the row's own. */
  readonly gatewayMessage?: string;
  /** Undefined when nobody knows who called. */
  readonly namespace?: NamespaceState;
  readonly channel?: CredentialChannel;
  readonly person?: PersonFields;
}
