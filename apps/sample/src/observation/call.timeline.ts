import { AsyncLocalStorage } from 'node:async_hooks';
import type { IdentityVerifyEvent, Phase } from '@identity-verify/nestjs';

/** The names of the module's phases in `Server-Timing`, in order. */
const STEPS = { check: 'validate', claim: 'claim', call: 'call', settle: 'settle' } as const satisfies Record<
  Phase,
  string
>;

/** The durations of the phases of one question, in milliseconds. Contains no personal data. */
export class CallTimeline {
  #phases: Readonly<Partial<Record<Phase, number>>> = {};

  /** Takes the phases from an event. Circuit and latch events have none. */
  take(event: IdentityVerifyEvent): void {
    if ('phases' in event) this.#phases = event.phases;
  }

  /** Formats the value of a `Server-Timing` header. */
  toServerTiming(): string {
    return (Object.keys(STEPS) as Phase[])
      .flatMap((phase) => {
        const ms = this.#phases[phase];
        return ms === undefined ? [] : [`${STEPS[phase]};dur=${ms.toFixed(2)}`];
      })
      .join(', ');
  }
}

const current = new AsyncLocalStorage<CallTimeline>();

/** Runs a function. Questions that it asks report their phases to the timeline. */
export function withTimeline<T>(timeline: CallTimeline, work: () => T): T {
  return current.run(timeline, work);
}

/** Returns the timeline of the current request, if any. */
export function currentTimeline(): CallTimeline | undefined {
  return current.getStore();
}
