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
import { namespacesView } from './namespaces.view.js';
import { sendOwnCall } from './own.call.js';
import { clockView, namespaceView, scenarioView } from './views.js';

const DEFAULT_NAMESPACES = 50;
const MAX_NAMESPACES = 1000;

const queueView = (namespace: MockNamespace) => ({
  queue: namespace.queueEntries().map(({ id, scenario, latencyMs = null, httpStatus = null }) => ({
    id,
    scenario: scenario.id,
    latencyMs,
    httpStatus,
  })),
});

const UNKNOWN_SCENARIO = {
  422: 'A scenario does not exist (`nearest` has similar names), or cannot be played with these settings.',
};

/** The operations of the admin API. */
// prettier-ignore
export const ADMIN_OPERATIONS: readonly AdminOperation[] = [
  { id: 'getHealth', method: 'get', path: '/__admin/health', tag: 'server', scope: 'open', reply: 'Health',
    summary: 'Check that the process is alive', description: 'Always answers 200.',
    run: () => ({ status: 'ok', version: VERSION }) },
  { id: 'getReady', method: 'get', path: '/__admin/ready', tag: 'server', scope: 'open', reply: 'Ready',
    summary: 'Check that the server accepts calls', description: 'Answers `closing` while the server finishes its last replies.',
    run: ({ context }) => ({ status: context.isClosing() ? 'closing' : 'ready' }) },
  { id: 'getMetrics', method: 'get', path: '/__admin/metrics', tag: 'server', scope: 'open', reply: 'text/plain',
    summary: 'Get metrics of all namespaces', description: 'Calls and cost in the Prometheus text format. The label of a namespace is a short hash of its credential.',
    run: ({ context }) => metricsText(context) },
  { id: 'listScenarios', method: 'get', path: '/__admin/scenarios', tag: 'scenarios', scope: 'open', reply: 'ScenarioList',
    summary: 'List all scenarios', description: 'Each scenario has its names, code, billing, and a curl command that plays it.',
    run: ({ context }) => ({ scenarios: SCENARIOS.map((scenario) => scenarioView(scenario, context.url())) }) },
  { id: 'listNamespaces', method: 'get', path: '/__admin/namespaces', tag: 'namespace', scope: 'open', reply: 'NamespaceList', query: { limit: { ...whole('Maximum number of namespaces.', 1, MAX_NAMESPACES), default: DEFAULT_NAMESPACES } },
    summary: 'List the namespaces', description: 'The busiest first, by the short hashes of their credentials. `X-Mock-Namespace` with such a hash selects a namespace in place of the credential.',
    run: ({ context, query }) => namespacesView(context.namespaces, query['limit'] ?? DEFAULT_NAMESPACES, context.applicationUrl) },
  { id: 'getNamespace', method: 'get', path: '/__admin/namespace', tag: 'namespace', scope: 'namespace', reply: 'Namespace',
    summary: 'Get the namespace', description: 'The state of the namespace of the credential.',
    run: ({ namespace }) => namespaceView(namespace) },
  { id: 'reset', method: 'post', path: '/__admin/reset', tag: 'namespace', scope: 'namespace', body: 'ResetRequest', bodyIsOptional: true, reply: 'ResetReply',
    summary: 'Reset the namespace', description: 'Resets queue, rules, journal, cost, quota, throttle, latency, clock and seed of the namespace of the credential; with the scope `every-namespace`, of all namespaces. seqNos continue, because they are never reused.',
    run: ({ body, namespace, context }) => {
      if ((body as { scope?: string } | undefined)?.scope !== 'every-namespace') {
        namespace.reset();
        return { namespaces: 1 };
      }
      for (const state of context.namespaces.all()) state.reset();
      return { namespaces: context.namespaces.size };
    } },
  { id: 'getQueue', method: 'get', path: '/__admin/queue', tag: 'scenarios', scope: 'namespace', reply: 'Queue',
    summary: 'List the queued scenarios', description: 'The next call gets the first.',
    run: ({ namespace }) => queueView(namespace) },
  { id: 'enqueue', method: 'post', path: '/__admin/queue', tag: 'scenarios', scope: 'namespace', body: 'EnqueueRequest', reply: 'Queue', status: 201, refusals: UNKNOWN_SCENARIO,
    summary: 'Queue scenarios', description: 'Each scenario answers one call and takes precedence over rules, headers and mobiles.',
    run: ({ body, namespace }) => {
      namespace.enqueue(...(body as { scenarios: readonly (string | QueuedScenario)[] }).scenarios);
      return queueView(namespace);
    } },
  { id: 'clearQueue', method: 'delete', path: '/__admin/queue', tag: 'scenarios', scope: 'namespace', reply: 'Queue', query: { entry: whole('Id of the entry to remove. By default, all entries are removed.', 1) }, refusals: { 404: 'There is no such entry, for example because a call has taken it.' },
    summary: 'Remove one queued scenario or all', description: 'Returns the remaining queue.',
    run: ({ namespace, query }) => {
      if (query['entry'] === undefined) namespace.clearQueue();
      else if (!namespace.removeQueued(query['entry'])) throw new AdminError(404, 'no_such_entry', `There is no entry ${query['entry']} in the queue. GET /__admin/queue lists them.`);
      return queueView(namespace);
    } },
  { id: 'listRules', method: 'get', path: '/__admin/rules', tag: 'scenarios', scope: 'namespace', reply: 'RuleList',
    summary: 'List the rules', description: 'Newest first, with masked values. If several rules match a call, the newest applies.',
    run: ({ namespace }) => ({ rules: namespace.rules() }) },
  { id: 'addRule', method: 'post', path: '/__admin/rules', tag: 'scenarios', scope: 'namespace', body: 'RuleRequest', reply: 'RuleCreated', status: 201, refusals: UNKNOWN_SCENARIO,
    summary: 'Add a rule', description: 'The rule applies to every call with the given fields. Queued scenarios take precedence over it.',
    run: ({ body, namespace }) => ({ id: namespace.addRule(body as ScenarioRule) }) },
  { id: 'removeRules', method: 'delete', path: '/__admin/rules', tag: 'scenarios', scope: 'namespace', reply: 'RuleList', query: { rule: whole('Number of the rule to remove. By default, all rules are removed.', 1) }, refusals: { 404: 'There is no such rule.' },
    summary: 'Remove one rule or all rules', description: 'Returns the remaining rules.',
    run: ({ namespace, query }) => {
      if (query['rule'] === undefined) namespace.clearRules();
      else if (!namespace.removeRule(query['rule'])) throw new AdminError(404, 'no_such_rule', `There is no rule ${query['rule']}. GET /__admin/rules lists them.`);
      return { rules: namespace.rules() };
    } },
  { id: 'sendCall', method: 'post', path: '/__admin/calls', tag: 'scenarios', scope: 'namespace', body: 'CallRequest', reply: 'CallReply', refusals: UNKNOWN_SCENARIO,
    summary: 'Send a call', description: 'The mock calls its own data route over the network with a test person and this scenario, and returns what a client receives. Counts like any other call; a queued scenario or a rule takes precedence.',
    run: ({ body, namespace, context, signal }) => sendOwnCall(context, namespace.id, body as { scenario: string }, signal) },
  { id: 'getJournal', method: 'get', path: '/__admin/journal', tag: 'journal', scope: 'namespace', reply: 'Journal', query: JOURNAL_QUERY,
    summary: 'Get the journal', description: 'Recorded requests in pages, oldest first. To get the next page, pass `next` as `after`.',
    run: ({ namespace, query, byHash }) => journalPage(namespace, query, { masked: byHash }) },
  { id: 'clearJournal', method: 'delete', path: '/__admin/journal', tag: 'journal', scope: 'namespace', reply: 'Journal',
    summary: 'Clear the journal', description: 'Also resets the cost. Everything else in the namespace stays.',
    run: ({ namespace }) => { namespace.clearJournal(); return journalPage(namespace, {}); } },
  { id: 'verify', method: 'post', path: '/__admin/verify', tag: 'journal', scope: 'namespace', body: 'VerifyRequest', bodyIsOptional: true, reply: 'VerifyReply', refusals: { 409: 'The journal no longer stores entries that the comparison needs.', ...UNKNOWN_SCENARIO },
    summary: 'Verify the journal', description: 'Compares the journal with an expectation. Answers 200 in either case; `ok` is the result. Can wait for calls that are still under way.',
    run: ({ body, namespace, signal }) => namespace.check((body as JournalExpectation | undefined) ?? {}, signal) },
  { id: 'getClock', method: 'get', path: '/__admin/clock', tag: 'simulation', scope: 'namespace', reply: 'Clock',
    summary: 'Get the clock', description: 'The expiry of quotas, the windows of limits and the age of signatures use this clock.',
    run: ({ namespace }) => clockView(namespace) },
  { id: 'advanceClock', method: 'post', path: '/__admin/clock', tag: 'simulation', scope: 'namespace', body: 'ClockRequest', reply: 'Clock', refusals: { 422: 'The clock would advance beyond the year 9999.' },
    summary: 'Advance the clock', description: 'Simulates the passing of time, such as a day, without waiting.',
    run: ({ body, namespace }) => { namespace.advanceClock((body as { advanceMs: number }).advanceMs); return clockView(namespace); } },
  { id: 'getQuota', method: 'get', path: '/__admin/quota', tag: 'simulation', scope: 'namespace', reply: 'Quota',
    summary: 'Get the remaining quota', description: 'Null is unlimited.',
    run: ({ namespace }) => namespace.quota() },
  { id: 'setQuota', method: 'put', path: '/__admin/quota', tag: 'simulation', scope: 'namespace', body: 'QuotaRequest', reply: 'Quota',
    summary: 'Set the quota', description: 'Replaces all limits. When the quota is used up, the vendor answers 10009 or 10010, or the gateway answers 403.',
    run: ({ body, namespace }) => { namespace.setQuota(body as QuotaSettings); return namespace.quota(); } },
  { id: 'getThrottle', method: 'get', path: '/__admin/throttle', tag: 'simulation', scope: 'namespace', reply: 'ThrottleRequest',
    summary: 'Get the rate limits', description: 'A limit that is not given is unlimited.',
    run: ({ namespace }) => namespace.throttle() },
  { id: 'setThrottle', method: 'put', path: '/__admin/throttle', tag: 'simulation', scope: 'namespace', body: 'ThrottleRequest', reply: 'ThrottleRequest',
    summary: 'Set the rate limits', description: 'Replaces all limits and resets their counters.',
    run: ({ body, namespace }) => { namespace.setThrottle(body as ThrottleSettings); return namespace.throttle(); } },
  { id: 'getLatency', method: 'get', path: '/__admin/latency', tag: 'simulation', scope: 'namespace', reply: 'LatencyRequest',
    summary: 'Get the latency', description: 'The distribution of the simulated delays.',
    run: ({ namespace }) => namespace.latency() },
  { id: 'setLatency', method: 'put', path: '/__admin/latency', tag: 'simulation', scope: 'namespace', body: 'LatencyRequest', reply: 'LatencyRequest',
    summary: 'Set the latency', description: 'The seed of the namespace makes the delays the same in every run.',
    run: ({ body, namespace }) => { namespace.setLatency(body as LatencySettings); return namespace.latency(); } },
];
