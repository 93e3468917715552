import { MAX_QUEUE } from '../namespace/scenario.queue.js';
import { TEN_YEARS_MS } from '../namespace/settings.check.js';
import { THROTTLE_SCOPES } from '../namespace/throttle.js';
import { DECISION_STAGES } from '../journal/journal.types.js';
import { DEFAULT_WAIT_MS } from './own.call.js';
import { choice, flag, list, object, ref, text, whole, type JsonSchema } from './json-schema.js';
import { billed, latencyMs, someFields } from './shared.schemas.js';

const MAX_WAIT_MS = 60_000;
const DAY_MS = 86_400_000;

const scenarioName = text('Id or alias of a scenario, from `GET /__admin/scenarios`.', { minLength: 1, maxLength: 64 });
const httpStatus = whole('HTTP status of a gateway scenario: one of the documented statuses of its row.', 100, 599);

const bounded = (minProperties: number, schema: JsonSchema): JsonSchema => ({ ...schema, minProperties });

/** The request schemas of the admin API. */
export const REQUEST_SCHEMAS = {
  QueuedScenario: object('A scenario for the next call or calls.', {
    scenario: scenarioName,
    'times?': { ...whole('Number of calls.', 1, MAX_QUEUE), default: 1 },
    'latencyMs?': latencyMs,
    'httpStatus?': httpStatus,
  }),
  EnqueueRequest: object('Scenarios to append to the queue. If one is invalid, none is appended.', {
    scenarios: list(
      'The scenarios, in the order of the calls that they answer.',
      { oneOf: [scenarioName, ref('QueuedScenario')] },
      { minItems: 1, maxItems: MAX_QUEUE },
    ),
  }),
  RuleRequest: object('A rule that applies to every matching call. If several rules match, the newest applies.', {
    when: bounded(1, object('Exact values. A field that is not given matches any value.', someFields('as sent'))),
    scenario: scenarioName,
    'latencyMs?': latencyMs,
    'httpStatus?': httpStatus,
  }),
  CallRequest: object('A call with a test person.', {
    scenario: scenarioName,
    'waitMs?': {
      ...whole('Maximum time to wait for the reply, in milliseconds.', 1, MAX_WAIT_MS),
      default: DEFAULT_WAIT_MS,
    },
  }),
  CallMatcher: object('Selects calls. Every given field must match.', {
    ...someFields('in plain text; compared by fingerprint, so it also works with a masked journal'),
    'scenario?': scenarioName,
    'decidedBy?': choice('The stage that decided the reply.', DECISION_STAGES),
    'code?': text('Response code of the vendor.', { maxLength: 32 }),
    'billed?': billed,
  }),
  VerifyRequest: object('The expected content of the journal.', {
    'match?': ref('CallMatcher'),
    'times?': {
      description: 'Expected number of matching calls, exact or within bounds. Default: at least one.',
      oneOf: [
        whole('Exact number.'),
        bounded(1, object('Bounds.', { 'atLeast?': whole('Minimum.'), 'atMost?': whole('Maximum.') })),
      ],
    },
    'inOrder?': list('Calls expected in this order. Other calls may come between them.', ref('CallMatcher'), {
      maxItems: 100,
    }),
    'waitMs?': whole('Time to wait until the expectation is met, in milliseconds.', 0, MAX_WAIT_MS),
  }),
  ClockRequest: object('An advance of the clock. The clock cannot be set back.', {
    advanceMs: whole('Time to advance, in milliseconds.', 0, TEN_YEARS_MS),
  }),
  QuotaRequest: object('The quota. A limit that is not given is unlimited.', {
    'callsLeft?': whole('Number of calls left in the package.'),
    'balanceFen?': whole('Balance, in fen (1 CNY = 100 fen).'),
    'expiresInMs?': whole(
      'Time until the package expires, in milliseconds on the clock of the namespace.',
      0,
      TEN_YEARS_MS,
    ),
    'answeredBy?': {
      ...choice('Who answers when the quota is used up: the vendor (10009, 10010) or the gateway (403).', [
        'vendor',
        'gateway',
      ]),
      default: 'vendor',
    },
    'unknownIsCharged?': flag('Counts calls with `billed: "unknown"` against the quota.', { default: true }),
  }),
  ThrottleRequest: object('The rate limits. A limit that is not given is unlimited.', {
    'callsPerSecond?': whole('Maximum number of calls per second. The gateway refuses further calls.', 0, 1_000_000),
    'scope?': { ...choice('The scope that the message of the refusal names.', THROTTLE_SCOPES), default: 'app' },
    'httpStatus?': {
      ...choice('HTTP status of the refusal. The tables of the gateway document both.', [403, 429]),
      default: 403,
    },
    'sameParameter?': object('Limit for repetitions of one question. The vendor answers further calls with 10019.', {
      limit: whole('Maximum number of calls per window.', 0, 1_000_000),
      'windowMs?': {
        ...whole('Length of the window, in milliseconds on the clock of the namespace.', 1, TEN_YEARS_MS),
        default: DAY_MS,
      },
    }),
  }),
  LatencyNone: object('No delay.', { kind: choice('Kind of distribution.', ['none']) }),
  LatencyFixed: object('A constant delay.', { kind: choice('Kind of distribution.', ['fixed']), ms: latencyMs }),
  LatencyUniform: object('A uniform distribution between two bounds.', {
    kind: choice('Kind of distribution.', ['uniform']),
    minMs: latencyMs,
    maxMs: latencyMs,
  }),
  LatencyLognormal: object('A log-normal distribution: most delays are near the median, a few are much longer.', {
    kind: choice('Kind of distribution.', ['lognormal']),
    medianMs: latencyMs,
    sigma: { type: 'number', description: 'Standard deviation of the logarithm.', minimum: 0, maximum: 5 },
    'maxMs?': latencyMs,
  }),
  LatencyRequest: {
    description: 'The distribution of the delays. The seed of the namespace makes them reproducible.',
    oneOf: [ref('LatencyNone'), ref('LatencyFixed'), ref('LatencyUniform'), ref('LatencyLognormal')],
  },
  ResetRequest: object('The namespaces to reset.', {
    'scope?': {
      ...choice('The namespace of the credential, or every namespace.', ['namespace', 'every-namespace']),
      default: 'namespace',
    },
  }),
} as const satisfies Readonly<Record<string, JsonSchema>>;
