import type { MockAdmin } from './mock.admin.js';

/** Number of calls that a failure made of queued replies lasts. */
const CALLS = 50;

const next = (scenario: string) => (mock: MockAdmin) =>
  mock.call('POST', 'queue', { scenarios: Array.from({ length: CALLS }, () => ({ scenario })) });

/** The simulated failures of the mock. */
export const TROUBLES = {
  busy: next('code-10017'),
  quota: (mock: MockAdmin) => mock.call('PUT', 'quota', { callsLeft: 0 }),
  slow: (mock: MockAdmin) => mock.call('PUT', 'latency', { kind: 'fixed', ms: 3_000 }),
  dropping: next('fault-reset-after-request'),
} as const satisfies Record<string, (mock: MockAdmin) => Promise<unknown>>;

/** The name of a simulated failure. */
export type Trouble = keyof typeof TROUBLES;

/** Ends every simulated failure. The journal remains. */
export async function endTrouble(mock: MockAdmin): Promise<void> {
  await mock.call('DELETE', 'queue');
  await mock.call('PUT', 'quota', {});
  await mock.call('PUT', 'latency', { kind: 'none' });
}
