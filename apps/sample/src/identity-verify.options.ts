import { DEFAULT_INSTANCE, type IdentityVerifyOptions } from '@identity-verify/nestjs';
import type { SampleConfig } from './config/sample.config.js';
import { chooseUpstream } from './config/upstream.choice.js';
import type { KeptLedger } from './ledger/ledger.module.js';
import type { AuditTrail } from './audit/audit.trail.js';
import type { AnswerHistory } from './observation/answer.history.js';
import { currentTimeline } from './observation/call.timeline.js';

/** The name of the second instance, for a department with its own budget. */
export const LENDING = 'lending';

const BUDGETS = {
  [DEFAULT_INSTANCE]: 'IDENTITY_VERIFY_CALLS_PER_DAY',
  [LENDING]: 'LENDING_CALLS_PER_DAY',
} as const;

/** The default of the module, written out because the page shows it. */
export const DOUBT_MS = 60_000;

const DAY_MS = 86_400_000;

/** Returns the options of an instance. */
export function identityVerifyOptions(instance: keyof typeof BUDGETS) {
  return (
    config: SampleConfig,
    kept: KeptLedger | undefined,
    trail: AuditTrail,
    history: AnswerHistory,
  ): IdentityVerifyOptions => {
    const { baseUrl, appCode, live } = chooseUpstream(config);
    const pepper = config.get('IDENTITY_VERIFY_PEPPER');
    const limit = config.get('IDENTITY_VERIFY_SUBJECT_LIMIT');
    const deadlineMs = config.get('IDENTITY_VERIFY_DEADLINE_MS');
    return {
      credentials: { appCode },
      baseUrl,
      // By default, the module takes a loopback address for a mock. The setting is explicit.
      upstreamIsMock: !live,
      deadlineMs,
      lifetimes: { unknownMs: DOUBT_MS },
      breaker: { openMs: config.get('IDENTITY_VERIFY_CIRCUIT_OPEN_MS') },
      audit: (entry) => trail.record(entry),
      // Called in the async context of the request, so it finds the timeline of that request.
      onEvent: (event) => {
        currentTimeline()?.take(event);
        history.take(event);
      },
      budget: {
        callsPerDay: config.get(BUDGETS[instance]),
        fenPerCall: config.get('IDENTITY_VERIFY_FEN_PER_CALL'),
      },
      subjectLimit: { perIdNumber: limit, perMobile: limit, windowMs: DAY_MS },
      ...(pepper !== undefined && { pepper }),
      // Both instances share one file. Every key contains the name of the instance.
      ...kept,
    };
  };
}
