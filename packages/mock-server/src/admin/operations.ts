import type { JournalExpectation } from '../journal/expectation.types.js';
import type { LatencySettings } from '../namespace/latency.js';
import type { QuotaSettings } from '../namespace/quota.js';
import type { QueuedScenario } from '../namespace/scenario.queue.js';
import type { ScenarioRule } from '../namespace/scenario.rules.js';
import type { ThrottleSettings } from '../namespace/throttle.js';
import type { MockNamespace } from '../namespace/mock-namespace.js';
import { SCENARIOS } from '../scenario/scenario.catalogue.js';
import { VERSION } from '../support/version.js';
import { journalPage, JOURNAL_QUERY } from './journal-page.js';
import { metricsText } from './metrics.js';
import { AdminError, type AdminOperation } from './operation.types.js';
import { whole } from './json-schema.js';
import { clockView, namespaceView, scenarioView } from './views.js';

const queueView = (namespace: MockNamespace) => ({
  queue: namespace
    .queuedPlays()
    .map(({ scenario, latencyMs = null, httpStatus = null }) => ({ scenario: scenario.id, latencyMs, httpStatus })),
});

const UNKNOWN_SCENARIO = {
  422: 'A scenario does not exist (the nearest names are given), or cannot be played like this.',
};

/** The operations of the admin API. */
// prettier-ignore
export const ADMIN_OPERATIONS: readonly AdminOperation[] = [
  { id: 'getHealth', method: 'get', path: '/__admin/health', tag: 'server', scope: 'open', reply: 'Health',
    summary: 'Whether the process lives', description: 'Answers as long as the process does.',
    run: () => ({ status: 'ok', version: VERSION }) },
  { id: 'getReady', method: 'get', path: '/__admin/ready', tag: 'server', scope: 'open', reply: 'Ready',
    summary: 'Whether calls are accepted', description: 'Says `closing` while the last replies are finished.',
    run: ({ context }) => ({ status: context.isClosing() ? 'closing' : 'ready' }) },
  { id: 'getMetrics', method: 'get', path: '/__admin/metrics', tag: 'server', scope: 'open', reply: 'text/plain',
    summary: 'Calls and money of every namespace', description: 'In the text format of Prometheus; a namespace is named by a short hash of its credential.',
    run: ({ context }) => metricsText(context) },
  { id: 'listScenarios', method: 'get', path: '/__admin/scenarios', tag: 'scenarios', scope: 'open', reply: 'ScenarioList',
    summary: 'Everything the mock can do', description: 'Each scenario with its names, its code, whether it is billed, and a curl line that plays it.',
    run: ({ context }) => ({ scenarios: SCENARIOS.map((scenario) => scenarioView(scenario, context.url())) }) },
  { id: 'getNamespace', method: 'get', path: '/__admin/namespace', tag: 'namespace', scope: 'namespace', reply: 'Namespace',
    summary: 'State of the own namespace', description: 'What belongs to the credential that asks, in one reply.',
    run: ({ namespace }) => namespaceView(namespace) },
  { id: 'reset', method: 'post', path: '/__admin/reset', tag: 'namespace', scope: 'namespace', body: 'ResetRequest', bodyIsOptional: true, reply: 'ResetReply',
    summary: 'Begin anew', description: 'Resets queue, rules, journal, cost, quota, throttles, latency, clock and seed of the own namespace; seqNos count on, because none may repeat; of all of them only when `every-namespace` is asked for by name.',
    run: ({ body, namespace, context }) => {
      if ((body as { scope?: string } | undefined)?.scope !== 'every-namespace') {
        namespace.reset();
        return { namespaces: 1 };
      }
      for (const state of context.namespaces.all()) state.reset();
      return { namespaces: context.namespaces.size };
    } },
  { id: 'getQueue', method: 'get', path: '/__admin/queue', tag: 'scenarios', scope: 'namespace', reply: 'Queue',
    summary: 'Scenarios that wait for their call', description: 'Next first.',
    run: ({ namespace }) => queueView(namespace) },
  { id: 'enqueue', method: 'post', path: '/__admin/queue', tag: 'scenarios', scope: 'namespace', body: 'EnqueueRequest', reply: 'Queue', status: 201, refusals: UNKNOWN_SCENARIO,
    summary: 'Decide about the next calls', description: 'Each scenario answers one call, before any other rule is asked.',
    run: ({ body, namespace }) => {
      namespace.enqueue(...(body as { scenarios: readonly (string | QueuedScenario)[] }).scenarios);
      return queueView(namespace);
    } },
  { id: 'clearQueue', method: 'delete', path: '/__admin/queue', tag: 'scenarios', scope: 'namespace', reply: 'Queue',
    summary: 'Empty the queue', description: 'Answers with the empty queue.',
    run: ({ namespace }) => { namespace.clearQueue(); return queueView(namespace); } },
  { id: 'listRules', method: 'get', path: '/__admin/rules', tag: 'scenarios', scope: 'namespace', reply: 'RuleList',
    summary: 'Standing rules', description: 'The youngest, which is asked first, first; values masked.',
    run: ({ namespace }) => ({ rules: namespace.rules() }) },
  { id: 'addRule', method: 'post', path: '/__admin/rules', tag: 'scenarios', scope: 'namespace', body: 'RuleRequest', reply: 'RuleCreated', status: 201, refusals: UNKNOWN_SCENARIO,
    summary: 'Decide about every call with given fields', description: 'Comes after the queue and before everything else.',
    run: ({ body, namespace }) => ({ id: namespace.addRule(body as ScenarioRule) }) },
  { id: 'removeRules', method: 'delete', path: '/__admin/rules', tag: 'scenarios', scope: 'namespace', reply: 'RuleList', query: { rule: whole('Number of the one rule to remove; all of them when it is not given.', 1) }, refusals: { 404: 'There is no such rule.' },
    summary: 'Remove rules', description: 'Answers with those that are left.',
    run: ({ namespace, query }) => {
      if (query['rule'] === undefined) namespace.clearRules();
      else if (!namespace.removeRule(query['rule'])) throw new AdminError(404, 'no_such_rule', `There is no rule ${query['rule']}. GET /__admin/rules lists them.`);
      return { rules: namespace.rules() };
    } },
  { id: 'getJournal', method: 'get', path: '/__admin/journal', tag: 'journal', scope: 'namespace', reply: 'Journal', query: JOURNAL_QUERY,
    summary: 'What arrived', description: 'In pages, oldest first: pass `next` as `after` to go on.',
    run: ({ namespace, query }) => journalPage(namespace, query) },
  { id: 'clearJournal', method: 'delete', path: '/__admin/journal', tag: 'journal', scope: 'namespace', reply: 'Journal',
    summary: 'Forget what arrived', description: 'Cost begins anew too; everything else stays.',
    run: ({ namespace }) => { namespace.clearJournal(); return journalPage(namespace, {}); } },
  { id: 'verify', method: 'post', path: '/__admin/verify', tag: 'journal', scope: 'namespace', body: 'VerifyRequest', bodyIsOptional: true, reply: 'VerifyReply', refusals: { 409: 'Entries that it takes to tell are gone.', ...UNKNOWN_SCENARIO },
    summary: 'Hold the journal against an expectation', description: 'Answers 200 whether or not it is met: see `ok`. Can wait for calls that are still on their way.',
    run: ({ body, namespace, signal }) => namespace.check((body as JournalExpectation | undefined) ?? {}, signal) },
  { id: 'getClock', method: 'get', path: '/__admin/clock', tag: 'simulation', scope: 'namespace', reply: 'Clock',
    summary: 'Time of the namespace', description: 'The clock by which quotas expire, windows end and signatures grow old.',
    run: ({ namespace }) => clockView(namespace) },
  { id: 'advanceClock', method: 'post', path: '/__admin/clock', tag: 'simulation', scope: 'namespace', body: 'ClockRequest', reply: 'Clock', refusals: { 422: 'The clock would pass the year 9999.' },
    summary: 'Put the clock forward', description: 'A day passes without waiting.',
    run: ({ body, namespace }) => { namespace.advanceClock((body as { advanceMs: number }).advanceMs); return clockView(namespace); } },
  { id: 'getQuota', method: 'get', path: '/__admin/quota', tag: 'simulation', scope: 'namespace', reply: 'Quota',
    summary: 'What is left', description: 'Null is unlimited.',
    run: ({ namespace }) => namespace.quota() },
  { id: 'setQuota', method: 'put', path: '/__admin/quota', tag: 'simulation', scope: 'namespace', body: 'QuotaRequest', reply: 'Quota',
    summary: 'Set what is left', description: 'Replaces all of it. When nothing is left, the vendor answers 10009 or 10010, or the gateway 403.',
    run: ({ body, namespace }) => { namespace.setQuota(body as QuotaSettings); return namespace.quota(); } },
  { id: 'getThrottle', method: 'get', path: '/__admin/throttle', tag: 'simulation', scope: 'namespace', reply: 'ThrottleRequest',
    summary: 'How fast may be asked', description: 'Whatever is missing is unlimited.',
    run: ({ namespace }) => namespace.throttle() },
  { id: 'setThrottle', method: 'put', path: '/__admin/throttle', tag: 'simulation', scope: 'namespace', body: 'ThrottleRequest', reply: 'ThrottleRequest',
    summary: 'Set how fast may be asked', description: 'Replaces all of it, and counting begins anew.',
    run: ({ body, namespace }) => { namespace.setThrottle(body as ThrottleSettings); return namespace.throttle(); } },
  { id: 'getLatency', method: 'get', path: '/__admin/latency', tag: 'simulation', scope: 'namespace', reply: 'LatencyRequest',
    summary: 'How long replies take', description: 'The distribution that delays are drawn from.',
    run: ({ namespace }) => namespace.latency() },
  { id: 'setLatency', method: 'put', path: '/__admin/latency', tag: 'simulation', scope: 'namespace', body: 'LatencyRequest', reply: 'LatencyRequest',
    summary: 'Set how long replies take', description: 'Delays are drawn from the seed of the namespace: the same in every run.',
    run: ({ body, namespace }) => { namespace.setLatency(body as LatencySettings); return namespace.latency(); } },
];
