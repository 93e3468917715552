import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RaceUpstreamError } from './mock.namespace.js';
import { playRace, type RaceOptions } from './race.runner.js';
import { raceScript, type RaceScript, type Story, type Submission } from './race.script.js';
import { REASONS, type RaceFigures, type RaceResult } from './race.types.js';

// Nothing here is a matter of time: how many calls time out depends on the machine, that they are counted does not.
const SPEED = 50;

/** A few people of the script, within a few seconds. */
function shortScript(...stories: Story[]): RaceScript {
  const script = raceScript();
  const chosen = stories.map((story) => script.people.findIndex((person) => person.story === story));
  const steps = script.steps
    .filter((step): step is Submission => step.kind === 'submit' && chosen.includes(step.person))
    .map((step, _index, all) => {
      const first = all.find(({ person }) => person === step.person)!;
      return Object.assign({}, step, { atMs: step.atMs - first.atMs });
    })
    .sort((one, other) => one.atMs - other.atMs);
  const rules = chosen.flatMap((person) => {
    const { identity } = script.people[person]!;
    return script.rules.filter(({ when }) => when.mobile === identity.mobile);
  });
  return { ...script, steps, rules, durationMs: steps.at(-1)?.atMs ?? 0 };
}

describe('the race', () => {
  let mock: MockServer;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    mock = await startMockServer({ port: 0 });
  });
  afterAll(() => mock.close());

  const play = (options: Partial<RaceOptions>) => playRace({ baseUrl: mock.url, speed: SPEED, ...options });

  /** Compares the figures with the journals of the mock, and the reasons with the difference. */
  function expectCounted({ final, appCodes, complete }: RaceResult): void {
    expect(complete).toBe(true);
    for (const racer of ['naive', 'module'] as const) {
      const { calls, fenAtMost, fen } = mock.namespace(appCodes[racer]).cost();
      expect(final[racer]).toMatchObject({ calls, fen: fenAtMost, maybeFen: fenAtMost - fen });
    }
    for (const what of ['calls', 'fen'] as const) {
      const total = REASONS.reduce((sum, reason) => sum + final.saved[reason][what], 0);
      expect(total).toBe(final.naive[what] - final.module[what]);
    }
  }

  it('counts what the journal of the mock says, and lets no wrong person in through the module', async () => {
    const seen: RaceFigures[] = [];
    const result = await play({
      script: shortScript('plain', 'double_click', 'sent_twice', 'pasted', 'mistyped'),
      onFigures: (figures) => void seen.push(figures),
    });
    expectCounted(result);
    expect(result.cancelled).toBe(false);
    expect(result.final.naive.calls).toBeGreaterThan(0);
    expect(result.final.module.wrongIn).toBe(0);
    expect(result.series.at(-1)).toEqual(result.final);
    expect(seen.length).toBeGreaterThan(0);
  });

  it('counts calls that are never answered, too', async () => {
    expectCounted(await play({ script: shortScript('time_out', 'busy') }));
  });

  it('counts on when either client fails', async () => {
    for (const broken of ['naive', 'module'] as const) {
      let asked = 0;
      const result = await play({
        script: shortScript('plain', 'double_click', 'sent_twice'),
        replaceCallers: (made) => ({
          ...made,
          [broken]: {
            ...made[broken],
            async ask(identity: Submission['typed'], signal: AbortSignal) {
              await made[broken].ask(identity, signal).catch(() => undefined);
              if (asked++ % 2 === 0) throw new Error('a client that fails after it has called');
              return { letIn: false, how: 'called' as const };
            },
          },
        }),
      });
      expectCounted(result);
      expect(result.final[broken].rightIn).toBe(0);
    }
  });

  it('does not mix two races that are played at once', async () => {
    const [one, other] = await Promise.all([
      play({ script: shortScript('double_click') }),
      play({ script: shortScript('sent_twice', 'mistyped') }),
    ]);
    expectCounted(one);
    expectCounted(other);
    expect(one.appCodes).not.toEqual(other.appCodes);
  });

  it('stops when it is told to, sends nothing more, and counts what was sent', async () => {
    const stop = new AbortController();
    const result = await play({
      script: raceScript(),
      signal: stop.signal,
      onFigures: ({ naive }) => naive.calls > 0 && stop.abort(),
    });
    expect(result.cancelled).toBe(true);
    expectCounted(result);
    expect(result.final.naive.calls).toBeLessThan(raceScript().steps.length);
  });

  it('says that there is no mock, and not where it would be', async () => {
    const failing = playRace({ baseUrl: 'http://127.0.0.1:9', speed: SPEED });
    await expect(failing).rejects.toThrow(RaceUpstreamError);
    await expect(failing).rejects.not.toThrow(/127/);
  });
});
