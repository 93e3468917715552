import { AsyncLocalStorage } from 'node:async_hooks';
import type { IdentityVerifyEvent, Phase } from '@identity-verify/nestjs';

/** What the module's phases are called in `Server-Timing`, in their order. */
const STEPS = { check: 'validate', claim: 'claim', call: 'call', settle: 'settle' } as const satisfies Record<
  Phase,
  string
>;

/** How long one question spent at each station, in milliseconds. Holds nothing of the question. */
export class CallTimeline {
  #phases: Readonly<Partial<Record<Phase, number>>> = {};

  /** Takes the time line of a question that has ended; circuit and latches have none. */
  take(event: IdentityVerifyEvent): void {
    if ('phases' in event) this.#phases = event.phases;
  }

  /** As the value of a `Server-Timing` header. */
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

/** Runs work so that the question which it asks is reported to this timeline. */
export function withTimeline<T>(timeline: CallTimeline, work: () => T): T {
  return current.run(timeline, work);
}

/** The timeline of the request that is being answered, if it has one. */
export function currentTimeline(): CallTimeline | undefined {
  return current.getStore();
}
