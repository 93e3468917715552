import type { MockRefusal } from './decision.types.js';
import type { DecisionStage, PersonFields } from '../journal/journal.types.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Play } from '../namespace/scenario.queue.js';
import { UnknownScenarioError, requireScenario, scenarioOfMobile } from '../scenario/scenario.catalogue.js';
import { realLookingReason, type Population } from '../scenario/population.js';

/** The answer if nothing else decides. */
export type DefaultAnswer = 'match' | 'mismatch' | 'no-record';

/** The selected scenario and the stage that selected it. */
export interface Selection {
  readonly stage: DecisionStage;
  readonly rule?: number;
  readonly play: Play;
  readonly refusal?: MockRefusal;
}

/** The dependencies of the selection, apart from the namespace. */
export interface SelectorSettings {
  readonly population: Population;
  readonly defaultAnswer: DefaultAnswer;
  /** Treats a person who may be real like any other. */
  readonly allowRealLooking: boolean;
}

const WRONG_REQUEST = 'gateway-invalid-request-body';

const refused = (refusal: MockRefusal): Selection => ({
  stage: 'refused',
  play: { scenario: requireScenario(WRONG_REQUEST) },
  refusal,
});

const named = (stage: DecisionStage, name: string): Selection => ({ stage, play: { scenario: requireScenario(name) } });

/**
 * Selects the scenario in the order queue, rule, header, test mobile, population, default. The more explicit choice
 * comes first.
 *
 * @param header the value of `X-Mock-Scenario`
 */
export function selectScenario(
  state: NamespaceState,
  person: PersonFields,
  header: string | undefined,
  settings: SelectorSettings,
): Selection {
  const queued = state.queue.take();
  if (queued) return { stage: 'queue', play: queued };

  const rule = state.rules.match(person);
  if (rule) return { stage: 'rule', rule: rule.id, play: rule.play };

  if (header !== undefined) return byHeader(header);

  const reserved = scenarioOfMobile(person.mobile);
  if (reserved) return { stage: 'mobile', play: { scenario: reserved } };

  const answer = settings.population.ask(person.name, person.idCard, person.mobile);
  if (answer !== 'no-record') return named('population', answer);

  const reason = settings.allowRealLooking ? undefined : realLookingReason(person.idCard, person.mobile);
  if (reason !== undefined) {
    const message = `Refused, because ${reason}. Use synthetic people, enqueue a scenario, or start with allowRealLooking.`;
    return refused({ error: 'real_looking_person', message });
  }
  return named('default', settings.defaultAnswer);
}

function byHeader(name: string): Selection {
  try {
    return named('header', name);
  } catch (error) {
    if (!(error instanceof UnknownScenarioError)) throw error;
    return refused({ error: 'unknown_scenario', message: error.message, nearest: error.nearest });
  }
}
