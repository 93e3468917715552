import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createServer } from 'node:net';
import { MockWorld } from './mock.world.js';
import { setting, step } from './schedule.steps.js';
import { WireWatch } from './wire.clock.js';

const STEPS_A_RUN = 40;
const STEPS = Number(process.env['SCHEDULE_STEPS'] ?? (process.env['TEST_LONG'] ? 20_000 : 1_600));
const RUNS = Math.ceil(STEPS / STEPS_A_RUN);

/** Below the ports that the kernel gives out by itself, so that a mock finds its port free again after a restart. */
const FIRST_PORT = 30_000;
const PORTS = 2_000;

async function freePort(): Promise<number> {
  for (let i = 0; i < PORTS; i++) {
    const port = FIRST_PORT + ((process.pid + i) % PORTS);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
  throw new Error('no port is free');
}

describe('random schedules on a real mock', () => {
  const wire = new WireWatch();
  let port: number;
  beforeAll(async () => {
    wire.start();
    port = await freePort();
  });
  afterAll(() => wire.stop());

  it(
    `${STEPS} steps: no match that the journal has not, no call uncounted, none paid for twice, nobody named`,
    async () => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(
          setting,
          fc.array(step, { minLength: STEPS_A_RUN, maxLength: STEPS_A_RUN }),
          async (given, schedule) => {
            const world = await MockWorld.open(wire, given, port);
            try {
              for (const each of schedule) await world.play(each);
              await world.finish();
            } finally {
              await world.close();
            }
            runs++;
          },
        ),
        { numRuns: RUNS },
      );
      expect(runs).toBe(RUNS);
    },
    60_000 + 20 * STEPS,
  );
});
