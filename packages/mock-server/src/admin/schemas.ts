import { MAX_QUEUE } from '../namespace/scenario.queue.js';
import { MAX_LATENCY_MS, TEN_YEARS_MS } from '../namespace/settings.check.js';
import { THROTTLE_SCOPES } from '../namespace/throttle.js';
import { DECISION_STAGES } from '../journal/journal.types.js';
import { choice, flag, list, object, orNull, ref, text, whole, type JsonSchema } from './json-schema.js';

const MAX_WAIT_MS = 60_000;
const DAY_MS = 86_400_000;

const billed = choice('Whether the vendor charges for it. What is unknown, a careful caller counts as spent.', [
  'yes',
  'no',
  'unknown',
]);
const scenarioName = text('Id or alias of a scenario, from `GET /__admin/scenarios`.', { minLength: 1, maxLength: 64 });
const latencyMs = whole('Delay before the reply, in milliseconds.', 0, MAX_LATENCY_MS);
const httpStatus = whole('HTTP status of a gateway scenario: one of those under which the row was seen.', 100, 599);
const fields = (of: string) => ({
  'name?': text(`Name, ${of}.`, { maxLength: 200 }),
  'idCard?': text(`ID number, ${of}.`, { maxLength: 64 }),
  'mobile?': text(`Mobile, ${of}.`, { maxLength: 64 }),
});
const allFields = (description: string) =>
  object(description, { name: text('Name.'), idCard: text('ID number.'), mobile: text('Mobile.') });

const bounded = (minProperties: number, schema: JsonSchema): JsonSchema => ({ ...schema, minProperties });

/** The request schemas of the admin API. */
export const REQUEST_SCHEMAS = {
  QueuedScenario: object('A scenario for the next call or calls.', {
    scenario: scenarioName,
    'times?': { ...whole('For how many calls.', 1, MAX_QUEUE), default: 1 },
    'latencyMs?': latencyMs,
    'httpStatus?': httpStatus,
  }),
  EnqueueRequest: object('Scenarios to add to the end of the queue: all of them, or none when one is wrong.', {
    scenarios: list(
      'In the order in which calls get them.',
      { oneOf: [scenarioName, ref('QueuedScenario')] },
      { minItems: 1, maxItems: MAX_QUEUE },
    ),
  }),
  RuleRequest: object('A standing rule. The youngest rule that matches wins.', {
    when: bounded(
      1,
      object('Exact values; fields that are not given match anything.', fields('exactly as it is sent')),
    ),
    scenario: scenarioName,
    'latencyMs?': latencyMs,
    'httpStatus?': httpStatus,
  }),
  CallMatcher: object('Which calls are meant: every field that is given must agree.', {
    ...fields('in plain text: compared by fingerprint, so that it works on a masked journal'),
    'scenario?': scenarioName,
    'decidedBy?': choice('The rule that won.', DECISION_STAGES),
    'code?': text('Response code of the vendor.', { maxLength: 32 }),
    'billed?': billed,
  }),
  VerifyRequest: object('What is expected of the journal.', {
    'match?': ref('CallMatcher'),
    'times?': {
      description: 'How often: exactly, or within bounds. At least once when nothing is said.',
      oneOf: [
        whole('Exactly so often.'),
        bounded(1, object('Within bounds.', { 'atLeast?': whole('No fewer.'), 'atMost?': whole('No more.') })),
      ],
    },
    'inOrder?': list('These calls, in this order; others may lie between them.', ref('CallMatcher'), { maxItems: 100 }),
    'waitMs?': whole('How long to wait for calls that are still on their way, in milliseconds.', 0, MAX_WAIT_MS),
  }),
  ClockRequest: object('A clock is only ever put forward.', {
    advanceMs: whole('By how much, in milliseconds.', 0, TEN_YEARS_MS),
  }),
  QuotaRequest: object('What may still be spent. Whatever is not given is unlimited.', {
    'callsLeft?': whole('Calls left in the package.'),
    'balanceFen?': whole('Money left, in fen (1 CNY = 100 fen).'),
    'expiresInMs?': whole(
      'When the package ends, in milliseconds from now on the clock of the namespace.',
      0,
      TEN_YEARS_MS,
    ),
    'answeredBy?': {
      ...choice('Who says so: the vendor (10009, 10010) or the gateway (403).', ['vendor', 'gateway']),
      default: 'vendor',
    },
    'unknownIsCharged?': flag('Whether calls of unknown billing use it up.', { default: true }),
  }),
  ThrottleRequest: object('How fast and how often may be asked. Whatever is not given is unlimited.', {
    'callsPerSecond?': whole('Above it the gateway refuses.', 0, 1_000_000),
    'scope?': { ...choice('Who throttles: the name in the message.', THROTTLE_SCOPES), default: 'app' },
    'httpStatus?': {
      ...choice('Status of the refusal: the tables of the gateway disagree.', [403, 429]),
      default: 403,
    },
    'sameParameter?': object('How often one question may be asked; above it the vendor answers 10019.', {
      limit: whole('So many times.', 0, 1_000_000),
      'windowMs?': {
        ...whole('Within so many milliseconds of the clock of the namespace.', 1, TEN_YEARS_MS),
        default: DAY_MS,
      },
    }),
  }),
  LatencyNone: object('No delay.', { kind: choice('Kind.', ['none']) }),
  LatencyFixed: object('Always the same.', { kind: choice('Kind.', ['fixed']), ms: latencyMs }),
  LatencyUniform: object('Anything between two bounds.', {
    kind: choice('Kind.', ['uniform']),
    minMs: latencyMs,
    maxMs: latencyMs,
  }),
  LatencyLognormal: object('Mostly near the median, sometimes far above.', {
    kind: choice('Kind.', ['lognormal']),
    medianMs: latencyMs,
    sigma: { type: 'number', description: 'Spread of the logarithm.', minimum: 0, maximum: 5 },
    'maxMs?': latencyMs,
  }),
  LatencyRequest: {
    description: 'How long replies take, drawn from the seed of the namespace.',
    oneOf: [ref('LatencyNone'), ref('LatencyFixed'), ref('LatencyUniform'), ref('LatencyLognormal')],
  },
  ResetRequest: object('Which namespaces begin anew.', {
    'scope?': {
      ...choice('Only the own one, unless all are asked for by name.', ['namespace', 'every-namespace']),
      default: 'namespace',
    },
  }),
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** The reply schemas of the admin API. */
export const REPLY_SCHEMAS = {
  ErrorReply: object('Why a request was refused, and what to do.', {
    error: object('The reason.', {
      code: text('Stable name of the reason.'),
      message: text('What is wrong and what to do about it. Holds no credential and no personal data.'),
      'nearest?': list('Names that were probably meant.', text('A name.')),
    }),
  }),
  Health: object('Whether the process lives.', {
    status: choice('Always ok.', ['ok']),
    version: text('Version of the mock.'),
  }),
  Ready: object('Whether calls are accepted.', { status: choice('Ready, or closing.', ['ready', 'closing']) }),
  Scenario: object('One thing that the mock can do.', {
    id: text('Stable name.'),
    aliases: list('Other names of it.', text('A name.')),
    kind: choice('A reply of the vendor, a refusal of the gateway, or a fault of the wire.', [
      'reply',
      'gateway',
      'fault',
    ]),
    description: text('Description in English.'),
    descriptionZh: text('Description in Chinese.'),
    httpStatus: orNull(whole('HTTP status that reaches the client; null when a fault leaves none.', 100, 599)),
    code: orNull(text('Response code of the vendor; null where the vendor does not answer.')),
    gatewayCode: orNull(text('First `X-Ca-Error-Code` of a gateway scenario; null where there is none.')),
    message: orNull(
      text('`message` of the vendor, or the constant part of `X-Ca-Error-Message`; null where there is none.'),
    ),
    fault: orNull(text('Name of the transport fault; null for every other kind.')),
    category: orNull(text('Category of the error; null for answers, undocumented codes and faults.')),
    billed,
    mobile: orNull(text('Reserved mobile that asks for it; null where there is none.')),
    curl: text('A command that plays it.'),
  }),
  ScenarioList: object('Everything the mock can do.', {
    scenarios: list('In the order of the documents.', ref('Scenario')),
  }),
  QueueEntry: object('A scenario that waits for its call.', {
    scenario: text('Id of the scenario.'),
    latencyMs: orNull(latencyMs),
    httpStatus: orNull(httpStatus),
  }),
  Queue: object('What the next calls get.', { queue: list('Next first.', ref('QueueEntry')) }),
  Rule: object('A standing rule, its values masked.', {
    id: whole('Number of the rule within its namespace.', 1),
    when: object('Masked values.', fields('masked')),
    scenario: text('Id of the scenario.'),
    hits: whole('How often it answered.'),
  }),
  RuleList: object('Standing rules.', { rules: list('The youngest, which is asked first, first.', ref('Rule')) }),
  RuleCreated: object('The rule that was added.', { id: whole('Its number.', 1) }),
  JournalEntry: object('One request that arrived.', {
    index: whole('1 for the first after a reset: a cursor.', 1),
    at: text('Time of the clock of the namespace.', { format: 'date-time' }),
    requestId: text('`X-Ca-Request-Id` of the reply.'),
    seqNo: orNull(text('`seqNo` of the reply; null where the vendor did not answer.')),
    channel: choice('How the caller said who it is.', ['appcode', 'signature', 'key']),
    person: orNull(allFields('Masked, unless the journal is raw; null when the request could not be read.')),
    fingerprints: orNull(allFields('Keyed hashes of the fields.')),
    decidedBy: choice('The rule that won.', DECISION_STAGES),
    scenario: orNull(text('Id of the scenario that was played.')),
    httpStatus: orNull(whole('HTTP status of the reply; null when a fault left none.', 100, 599)),
    code: orNull(text('Response code of the vendor.')),
    billed,
    fen: whole('What the call costs in fen if it is charged.'),
    latencyMs: whole('Artificial delay, in milliseconds.'),
  }),
  Cost: object('Calls and money since the last reset.', {
    calls: whole('Calls that arrived.'),
    billed: whole('Calls that were certainly charged.'),
    unknown: whole('Calls of which the vendor does not say whether it charges them.'),
    fen: whole('What was certainly charged, in fen.'),
    fenAtMost: whole('The same with every unknown call counted as charged.'),
    cny: text('What was certainly charged, in CNY.'),
    cnyAtMost: text('The same with every unknown call counted as charged.'),
  }),
  Journal: object('What arrived, in pages.', {
    entries: list('Oldest first.', ref('JournalEntry')),
    next: orNull(whole('Value of `after` for the next page; null when this is the last.')),
    total: whole('How many entries there were since the last reset.'),
    evicted: whole('How many of them are gone.'),
    cost: ref('Cost'),
  }),
  FieldDifference: object('A field that is not what was expected. Personal fields are masked.', {
    field: text('Name of the field.'),
    expected: text('What was expected.'),
    actual: text('What it was.'),
  }),
  VerifyReply: object('What came of it.', {
    ok: flag('Whether the journal is as expected.'),
    count: whole('How many calls match.'),
    message: text('What was expected and what was found.'),
    nearest: list(
      'Calls that come closest.',
      object('A near miss.', {
        index: whole('Index of the entry.', 1),
        differences: list('How it differs.', ref('FieldDifference')),
      }),
    ),
  }),
  Clock: object('The clock of the namespace.', {
    now: text('Its time.', { format: 'date-time' }),
    offsetMs: whole('How far it is ahead of the real one, in milliseconds.'),
  }),
  Quota: object('What is left. Null is unlimited.', {
    callsLeft: orNull({ type: 'integer', description: 'Calls.' }),
    balanceFen: orNull({ type: 'integer', description: 'Money, in fen.' }),
    expiresAt: orNull(text('End of the package on the clock of the namespace.', { format: 'date-time' })),
    answeredBy: choice('Who says that nothing is left.', ['vendor', 'gateway']),
    unknownIsCharged: flag('Whether calls of unknown billing use it up.'),
  }),
  Namespace: object('What belongs to the credential that asks.', {
    id: text('Short hash of the credential.'),
    queueLength: whole('Scenarios that wait.'),
    rules: whole('Standing rules.'),
    cost: ref('Cost'),
    clock: ref('Clock'),
    quota: ref('Quota'),
    throttle: ref('ThrottleRequest'),
    latency: ref('LatencyRequest'),
  }),
  ResetReply: object('What was reset.', { namespaces: whole('How many namespaces.') }),
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** The name of a request or reply schema. */
export type SchemaName = keyof typeof REQUEST_SCHEMAS | keyof typeof REPLY_SCHEMAS;
