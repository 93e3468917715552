import { ENDPOINT, TEST_POPULATION } from '@identity-verify/contract';
import type { Cost } from '../journal/journal.types.js';
import type { MockNamespace } from '../namespace/mock-namespace.js';
import { httpStatusOf } from '../scenario/scenario.status.js';
import type { Scenario, ScenarioEffect } from '../scenario/scenario.types.js';
import { curlLine } from '../text/curl-line.js';

/** Formats fen as CNY with two decimals, in integer arithmetic. */
export function cny(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}

/** The cost as the admin API returns it. */
export function costView(cost: Cost) {
  return { ...cost, cny: cny(cost.fen), cnyAtMost: cny(cost.fenAtMost) };
}

/** The clock as the admin API returns it. */
export function clockView(namespace: MockNamespace) {
  return { now: new Date(namespace.now()).toISOString(), offsetMs: namespace.clockOffsetMs() };
}

/** A namespace as the admin API returns it. */
export function namespaceView(namespace: MockNamespace) {
  return {
    id: namespace.id,
    queueLength: namespace.queued().length,
    rules: namespace.rules().length,
    cost: costView(namespace.cost()),
    clock: clockView(namespace),
    quota: namespace.quota(),
    throttle: namespace.throttle(),
    latency: namespace.latency(),
  };
}

/** What the client of the data route receives, as data. */
function factsOf(effect: ScenarioEffect) {
  const none = { code: null, gatewayCode: null, message: null, fault: null, data: null, statuses: [] };
  if (effect.kind === 'reply') return { ...none, code: effect.code, message: effect.message, data: effect.data };
  if (effect.kind === 'fault') return { ...none, fault: effect.fault.name };
  const { errorCodes, message, prefix, statuses } = effect.row;
  return {
    ...none,
    gatewayCode: errorCodes[0] ?? null,
    message: message === '' ? null : (prefix ?? message),
    statuses,
  };
}

/** A scenario as the admin API returns it. */
export function scenarioView(scenario: Scenario, url: string) {
  const { id, aliases, description, descriptionZh, effect, category = null, billed, mobile = null } = scenario;
  return {
    id,
    aliases,
    kind: effect.kind,
    description,
    descriptionZh,
    httpStatus: httpStatusOf(scenario),
    ...factsOf(effect),
    category,
    billed,
    mobile,
    curl: scenarioCurl(scenario, url),
  };
}

const [someone] = TEST_POPULATION;

/**
 * Selects the scenario by its mobile, or by header if it has none. The time limit covers scenarios that never reply.
 */
function scenarioCurl({ id, mobile }: Scenario, url: string): string {
  return curlLine({
    url: url + ENDPOINT.path,
    maxTimeS: 5,
    headers: {
      Authorization: `${ENDPOINT.authorizationScheme} demo`,
      ...(mobile === undefined && { 'X-Mock-Scenario': id }),
    },
    fields: { name: someone.name, idcard: someone.idCard, mobile: mobile ?? someone.mobile },
  });
}
