import { DECISION_STAGES } from '../journal/journal.types.js';
import { choice, flag, list, object, orNull, ref, text, whole, type JsonSchema } from './json-schema.js';
import { allFields, billed, latencyMs, someFields } from './shared.schemas.js';

const httpStatus = (description: string) => orNull(whole(description, 100, 599));

/** The reply schemas of the admin API. */
export const REPLY_SCHEMAS = {
  ErrorReply: object('An error.', {
    error: object('The error.', {
      code: text('Stable code of the error.'),
      message: text('The problem and how to solve it. Contains no credential and no personal data.'),
      'nearest?': list('Existing names that are similar to the unknown name.', text('A name.')),
    }),
  }),
  Health: object('The liveness of the process.', {
    status: choice('Always `ok`.', ['ok']),
    version: text('Version of the mock.'),
  }),
  Ready: object('The readiness of the server.', {
    status: choice('`closing` during a shutdown, otherwise `ready`.', ['ready', 'closing']),
  }),
  Scenario: object('A behaviour of the mock.', {
    id: text('Stable id.'),
    aliases: list('Other names.', text('A name.')),
    kind: choice('A reply of the vendor, an answer of the gateway, or a transport fault.', [
      'reply',
      'gateway',
      'fault',
    ]),
    description: text('Description in English.'),
    descriptionZh: text('Description in Chinese.'),
    httpStatus: httpStatus('HTTP status of the reply; null for a fault that sends none.'),
    code: orNull(text('Response code of the vendor; null for other kinds.')),
    gatewayCode: orNull(text('First `X-Ca-Error-Code` of a gateway answer; null if it has none.')),
    message: orNull(
      text('`message` of the vendor, or the constant part of `X-Ca-Error-Message`; null if there is neither.'),
    ),
    fault: orNull(text('Name of the transport fault; null for other kinds.')),
    category: orNull(text('Category of the error; null for answers, undocumented codes and faults.')),
    data: orNull({
      type: 'object',
      description: '`data` of the reply of the vendor; null if it sends none, and for other kinds.',
      additionalProperties: { type: 'string' },
    }),
    statuses: list(
      'Documented HTTP statuses of a gateway answer, for `httpStatus` of a queue or a rule; empty for other kinds.',
      whole('HTTP status.', 100, 599),
    ),
    billed,
    mobile: orNull(text('Reserved mobile that selects the scenario; null if there is none.')),
    curl: text('A command line that calls the data route with this scenario.'),
  }),
  ScenarioList: object('All scenarios.', {
    scenarios: list('The scenarios, in the order of the documents.', ref('Scenario')),
  }),
  QueueEntry: object('A queued scenario.', {
    id: whole('Number of the entry. It stays the same while other entries are taken or removed.', 1),
    scenario: text('Id of the scenario.'),
    latencyMs: orNull(latencyMs),
    httpStatus: httpStatus('HTTP status that replaces the one of the scenario; null if it is not replaced.'),
  }),
  Queue: object('The queue.', { queue: list('The entries; the next call gets the first.', ref('QueueEntry')) }),
  Rule: object('A rule, with masked values.', {
    id: whole('Number of the rule in its namespace.', 1),
    when: object('The values to match.', someFields('masked')),
    scenario: text('Id of the scenario.'),
    latencyMs: orNull(latencyMs),
    httpStatus: httpStatus('HTTP status that replaces the one of the scenario; null if it is not replaced.'),
    hits: whole('Number of calls that the rule has answered.'),
  }),
  RuleList: object('The rules.', { rules: list('The rules, newest first.', ref('Rule')) }),
  RuleCreated: object('The added rule.', { id: whole('Number of the rule in its namespace.', 1) }),
  JournalEntry: object('A recorded request.', {
    index: whole('Number of the entry since the last reset, from 1.', 1),
    at: text('Time on the clock of the namespace.', { format: 'date-time' }),
    requestId: text('`X-Ca-Request-Id` of the reply.'),
    seqNo: orNull(text('`seqNo` of the reply; null if the vendor did not answer.')),
    channel: choice('The way in which the caller authenticated.', ['appcode', 'signature', 'key']),
    person: orNull(
      allFields('The personal fields, masked unless the journal is raw; null if the request could not be parsed.'),
    ),
    fingerprints: orNull(allFields('Keyed hashes of the personal fields.')),
    decidedBy: choice('The stage that decided the reply.', DECISION_STAGES),
    scenario: orNull(text('Id of the played scenario; null if there was none.')),
    httpStatus: httpStatus('HTTP status of the reply; null if a transport fault sent none.'),
    code: orNull(text('Response code of the vendor; null if there is none.')),
    billed,
    fen: whole('Cost of the call in fen if it is charged.'),
    latencyMs: whole('Simulated delay before the reply, in milliseconds.'),
  }),
  Cost: object('Calls and cost since the last reset.', {
    calls: whole('Number of calls.'),
    billed: whole('Number of calls with `billed: "yes"`.'),
    unknown: whole('Number of calls with `billed: "unknown"`.'),
    fen: whole('Cost of the billed calls, in fen.'),
    fenAtMost: whole('Cost of the billed and unknown calls, in fen.'),
    cny: text('Cost of the billed calls, in CNY.'),
    cnyAtMost: text('Cost of the billed and unknown calls, in CNY.'),
  }),
  Journal: object('One page of the journal.', {
    entries: list('The entries, oldest first.', ref('JournalEntry')),
    next: orNull(whole('Value of `after` for the next page; null on the last page.')),
    total: whole('Number of entries since the last reset.'),
    evicted: whole('Number of entries that are no longer stored.'),
    cost: ref('Cost'),
  }),
  FieldDifference: object('A field with an unexpected value. Personal fields are masked.', {
    field: text('Name of the field.'),
    expected: text('Expected value.'),
    actual: text('Actual value.'),
  }),
  VerifyReply: object('The result of a verification.', {
    ok: flag('True if the journal meets the expectation.'),
    count: whole('Number of matching calls.'),
    message: text('The expectation and the calls that were found.'),
    nearest: list(
      'The most similar calls.',
      object('A call that almost matches.', {
        index: whole('Index of the entry.', 1),
        differences: list('The fields that do not match.', ref('FieldDifference')),
      }),
    ),
  }),
  Clock: object('The clock of the namespace.', {
    now: text('Current time of the clock.', { format: 'date-time' }),
    offsetMs: whole('Difference from the real time, in milliseconds.'),
  }),
  Quota: object('The remaining quota. Null is unlimited.', {
    callsLeft: orNull({ type: 'integer', description: 'Number of calls left.' }),
    balanceFen: orNull({ type: 'integer', description: 'Balance, in fen.' }),
    expiresAt: orNull(text('Expiry of the package on the clock of the namespace.', { format: 'date-time' })),
    answeredBy: choice('Who answers when the quota is used up.', ['vendor', 'gateway']),
    unknownIsCharged: flag('Counts calls with `billed: "unknown"` against the quota.'),
  }),
  NamespaceList: object('The namespaces.', {
    namespaces: list(
      'The namespaces, the busiest first.',
      object('A namespace in brief.', {
        id: text('Short hash of the credential.'),
        calls: whole('Number of calls since the last reset.'),
        lastSeen: orNull(
          text('Time of the latest call on the clock of the namespace; null if there was none since the last reset.', {
            format: 'date-time',
          }),
        ),
        now: text('Current time on the clock of the namespace.', { format: 'date-time' }),
      }),
    ),
    total: whole('Number of all namespaces.'),
    applicationUrl: orNull(text('Address of the application that calls this mock; null if it is not configured.')),
  }),
  CallReply: object('What a client receives.', {
    httpStatus: httpStatus('HTTP status; null without a reply.'),
    requestId: orNull(text('`X-Ca-Request-Id` of the reply; null without a reply.')),
    decidedBy: orNull(text('The stage that decided the reply; null if the reply does not say.')),
    body: text('The body, cut off after 4 KiB.'),
    failure: {
      ...orNull(choice('How the call failed; null after a complete reply.', ['timeout', 'connection'])),
    },
    elapsedMs: { type: 'number', description: 'Time until the end of the call, in milliseconds.' },
  }),
  Namespace: object('The state of a namespace.', {
    id: text('Short hash of the credential.'),
    queueLength: whole('Number of queued scenarios.'),
    rules: whole('Number of rules.'),
    cost: ref('Cost'),
    clock: ref('Clock'),
    quota: ref('Quota'),
    throttle: ref('ThrottleRequest'),
    latency: ref('LatencyRequest'),
  }),
  ResetReply: object('The result of a reset.', { namespaces: whole('Number of namespaces that were reset.') }),
} as const satisfies Readonly<Record<string, JsonSchema>>;
