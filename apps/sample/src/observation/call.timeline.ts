import { AsyncLocalStorage } from 'node:async_hooks';

/** The stations of a question, in their order. */
export const STEPS = ['validate', 'claim', 'call', 'settle'] as const;

/** One of {@link STEPS}. */
export type Step = (typeof STEPS)[number];

/** How long one question spent at each station, in milliseconds. Holds nothing of the question. */
export class CallTimeline {
  readonly #spans: { readonly step: Step; readonly ms: number }[] = [];
  readonly #started = performance.now();

  add(step: Step, ms: number): void {
    this.#spans.push({ step, ms });
  }

  /** Everything before the first station that was reported is the validation. */
  addValidation(): void {
    if (this.#spans.length === 0) this.add('validate', performance.now() - this.#started);
  }

  /** As the value of a `Server-Timing` header. */
  toServerTiming(): string {
    return this.#spans.map(({ step, ms }) => `${step};dur=${ms.toFixed(2)}`).join(', ');
  }
}

const current = new AsyncLocalStorage<CallTimeline>();

/** Runs work so that whatever it causes is reported to this timeline. */
export function withTimeline<T>(timeline: CallTimeline, work: () => T): T {
  return current.run(timeline, work);
}

/** The timeline of the request that is being answered, if it has one. */
export function currentTimeline(): CallTimeline | undefined {
  return current.getStore();
}
