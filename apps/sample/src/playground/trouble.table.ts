import type { MockAdmin } from './mock.admin.js';

/** Number of calls that a failure made of queued replies lasts. */
const CALLS = 50;

/** What the mock says of itself, as far as a trouble can be seen in it. */
export interface MockState {
  readonly queueLength: number;
  readonly rules: number;
  readonly quota: { readonly callsLeft: number | null };
  readonly latency: { readonly kind: string };
  /** Id of the scenario that the next call gets, if any is queued. */
  readonly next: string | undefined;
}

/** A simulated failure of the mock. */
interface TroubleRow {
  readonly start: (mock: MockAdmin) => Promise<unknown>;
  readonly isOn: (state: MockState) => boolean;
}

const queued = (scenario: string): TroubleRow => ({
  start: (mock) => mock.call('POST', 'queue', { scenarios: Array.from({ length: CALLS }, () => ({ scenario })) }),
  isOn: ({ next }) => next === scenario,
});

/** The simulated failures of the mock. */
export const TROUBLES = {
  busy: queued('code-10017'),
  quota: {
    start: (mock) => mock.call('PUT', 'quota', { callsLeft: 0 }),
    isOn: ({ quota }) => quota.callsLeft !== null && quota.callsLeft <= 0,
  },
  slow: {
    start: (mock) => mock.call('PUT', 'latency', { kind: 'fixed', ms: 3_000 }),
    isOn: ({ latency }) => latency.kind !== 'none',
  },
  dropping: queued('fault-reset-after-request'),
  hanging: queued('fault-hang'),
} as const satisfies Record<string, TroubleRow>;

/** The name of a simulated failure. */
export type Trouble = keyof typeof TROUBLES;

/**
 * Returns the trouble that the mock is in, whoever started it: this page, the page of the mock or its admin API. `other`
 * is one that this page cannot start.
 */
export function troubleOf(state: MockState): Trouble | 'other' | 'none' {
  const found = (Object.keys(TROUBLES) as Trouble[]).find((name) => TROUBLES[name].isOn(state));
  return found ?? (state.queueLength > 0 || state.rules > 0 ? 'other' : 'none');
}

/** Ends every simulated failure. The journal remains. */
export async function endTrouble(mock: MockAdmin): Promise<void> {
  await mock.call('DELETE', 'queue');
  await mock.call('DELETE', 'rules');
  await mock.call('PUT', 'quota', {});
  await mock.call('PUT', 'latency', { kind: 'none' });
}
