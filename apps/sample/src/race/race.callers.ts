import { NestFactory } from '@nestjs/core';
import {
  ERROR_CODES,
  getIdentityVerifyToken,
  IdentityVerifyModule,
  isIdentityVerifyError,
  type IdentityVerifyError,
  type IdentityVerifyService,
} from '@identity-verify/nestjs';
import { NaiveClient } from './naive.client.js';
import type { Caller, Decision } from './race.types.js';
import { scriptAdapter } from './script.adapter.js';
import type { ScriptClock } from './script.clock.js';
import { seededRandom } from './seeded.random.js';

/** The name of the module's instance in metrics and logs, so that a race is not mixed with the sample's own questions. */
const INSTANCE = 'race';

/** The inputs of the two callers. */
export interface CallerSettings {
  readonly baseUrl: string;
  readonly appCode: string;
  readonly clock: ScriptClock;
  /** Seed of the module's back-off. */
  readonly seed: number;
}

/** The naive client. What it believes about calls and money is not asked. */
export function naiveCaller({ baseUrl, appCode, clock }: CallerSettings): Caller {
  const client = new NaiveClient(appCode, { baseURL: baseUrl, proxy: false, adapter: scriptAdapter(clock) });
  return {
    ask: async (identity) => ({ letIn: await client.isSamePerson(identity), how: 'called' }),
    close: () => Promise.resolve(),
  };
}

/**
 * The module as applications use it, with its defaults: an application context of its own, so that ledger, circuit and
 * latch begin anew. Its clock is that of the script, so lifetimes and deadlines keep their proportion.
 */
export async function moduleCaller({ baseUrl, appCode, clock, seed }: CallerSettings): Promise<Caller> {
  const context = await NestFactory.createApplicationContext(
    IdentityVerifyModule.forRoot({
      name: INSTANCE,
      credentials: { appCode },
      baseUrl,
      upstreamIsMock: true,
      clock,
      random: seededRandom(seed),
      pepper: `the pepper of one race, forgotten after it: ${appCode}`,
    }),
    { abortOnError: false },
  );
  const service = context.get<IdentityVerifyService>(getIdentityVerifyToken(INSTANCE));
  return {
    async ask(identity, signal): Promise<Decision> {
      try {
        const { outcome, source } = await service.verify(identity, { signal });
        return { letIn: outcome === 'match', how: source === 'upstream' ? 'called' : source };
      } catch (error) {
        if (!isIdentityVerifyError(error)) throw error;
        return { letIn: false, how: handlingOf(error) };
      }
    },
    close: () => context.close(),
  };
}

function handlingOf({ code, billed }: IdentityVerifyError): Decision['how'] {
  const { family, billed: usually } = ERROR_CODES[code];
  if (code === 'IDV_IN_DOUBT' || billed === 'unknown' || usually === 'unknown') return 'in_doubt';
  return family === 'input' || family === 'refusal' ? 'unsent' : 'called';
}
