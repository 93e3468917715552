import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AttemptFacts, IdentityVerifyEvent, Phase } from '@identity-verify/nestjs';

/** The names of the module's phases in `Server-Timing`, in order. */
const STEPS = { check: 'validate', claim: 'claim', call: 'call', settle: 'settle' } as const satisfies Record<
  Phase,
  string
>;

/** The durations of the phases and attempts of one question, in milliseconds. Contains no personal data. */
export class CallTimeline {
  #phases: Readonly<Partial<Record<Phase, number>>> = {};
  #attempts: readonly AttemptFacts[] = [];

  /** @param requestId the id that the request has in the log */
  constructor(readonly requestId: string) {}

  /** Takes phases and attempts from an event. Circuit and latch events have none. */
  take(event: IdentityVerifyEvent): void {
    if (!('phases' in event)) return;
    this.#phases = event.phases;
    this.#attempts = event.attempts ?? [];
  }

  /** Formats the value of a `Server-Timing` header: `attempt1;dur=3.10;desc="at 0.42 ms: 10017"`. */
  toServerTiming(): string {
    const phases = (Object.keys(STEPS) as Phase[]).flatMap((phase) => {
      const ms = this.#phases[phase];
      return ms === undefined ? [] : [`${STEPS[phase]};dur=${ms.toFixed(2)}`];
    });
    const attempts = this.#attempts.map(({ startMs, durationMs, reached, upstreamCode, errorCode }, index) => {
      const came = upstreamCode ?? errorCode ?? reached;
      return `attempt${index + 1};dur=${durationMs.toFixed(2)};desc="at ${startMs.toFixed(2)} ms: ${quotable(came)}"`;
    });
    return [...phases, ...attempts].join(', ');
  }
}

/** Codes come from the upstream. Only these characters can be in a quoted string of a header without an escape. */
const quotable = (code: string) => code.replaceAll(/[^\w.-]/g, '?').slice(0, 40);

const current = new AsyncLocalStorage<CallTimeline>();

/** Gives every request a timeline. The questions that it asks report their phases and attempts to it. */
export function callTimelines() {
  return (_request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    current.run(new CallTimeline(String(response.getHeader('X-Request-Id') ?? '')), next);
  };
}

/** Returns the timeline of the current request, if any. */
export function currentTimeline(): CallTimeline | undefined {
  return current.getStore();
}
