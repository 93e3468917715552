import type { CredentialChannel, DecisionStage, PersonFields } from '../journal/journal.types.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Play } from '../namespace/scenario.queue.js';

/** A refusal of the mock itself, which the vendor would not send. */
export interface MockRefusal {
  readonly error: 'unknown_scenario' | 'real_looking_person' | 'too_busy';
  readonly message: string;
  /** The nearest valid names. */
  readonly nearest?: readonly string[];
}

/** The decision about a request. */
export interface Decision {
  /** The stage that decided. */
  readonly stage: DecisionStage;
  /** The number of the rule, if a rule decided. */
  readonly rule?: number | undefined;
  /** The scenario to play. For a refusal of the mock itself, it is the gateway row for invalid requests. */
  readonly play: Play;
  readonly refusal?: MockRefusal | undefined;
  /** `X-Ca-Error-Message`, if it differs from the message of the row. */
  readonly gatewayMessage?: string;
  /** Undefined if the caller is unknown. */
  readonly namespace?: NamespaceState;
  readonly channel?: CredentialChannel;
  readonly person?: PersonFields;
}
