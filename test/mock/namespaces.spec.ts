import { expect, it, jest } from '@jest/globals';
import { SCENARIOS } from '@identity-verify/mock-server';
import { ask, PERSON, startMock } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

it('two hundred namespaces at once do not share queues, calls or verifications', async () => {
  const mock = await startMock();
  const replies = SCENARIOS.filter(({ effect }) => effect.kind === 'reply');
  const seqNos = new Set<string>();

  await Promise.all(
    Array.from({ length: 200 }, async (_, worker) => {
      const appCode = `worker-${worker}`;
      const ns = mock.namespace(appCode);
      // Each worker has its own sequence and its own mobile.
      const mine = Array.from(
        { length: 5 },
        (_, step) => replies[(worker * 7 + step * 3) % replies.length] ?? replies[0],
      );
      const mobile = `16000021${String(worker).padStart(3, '0')}`;
      ns.enqueue(...mine.map((scenario) => scenario?.id ?? ''));
      ns.setQuota({ callsLeft: 100 });

      for (const scenario of mine) {
        const answer = await ask(mock, appCode, { mobile });
        expect(answer.decision).toBe(`queue; scenario=${scenario?.id}`);
        seqNos.add(answer.body.seqNo ?? '');
      }
      await ns.verify({
        match: { mobile },
        times: 5,
        inOrder: mine.map((scenario) => ({ scenario: scenario?.id ?? '', mobile })),
      });
      await ns.verify({ match: { mobile: `16000021${String((worker + 1) % 200).padStart(3, '0')}` }, times: 0 });
      expect(ns.calls()).toBe(5);
      expect(ns.journal().map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
    }),
  );

  expect(seqNos.size).toBe(1000);
});

it('ids do not repeat after a restart, unless a seed is set', async () => {
  const idsOf = async (seed?: string) => {
    const mock = await startMock(seed === undefined ? {} : { seed });
    const { body } = await ask(mock, 'restarted');
    return `${body.seqNo} ${mock.namespace('restarted').journal()[0]?.requestId}`;
  };
  expect(await idsOf()).not.toBe(await idsOf());
  expect(await idsOf('a seed')).toBe(await idsOf('a seed'));
});

it('a reset affects one namespace, and repeats its delays but no seqNo', async () => {
  const mock = await startMock();
  const [mine, other] = [mock.namespace('mine'), mock.namespace('other')];
  mine.setLatency({ kind: 'uniform', minMs: 0, maxMs: 3 });
  const run = async () => {
    const { body } = await ask(mock, 'mine');
    return { seqNo: body.seqNo, latencyMs: mine.journal()[0]?.latencyMs };
  };
  await ask(mock, 'other');
  const first = await run();
  mine.reset();
  mine.setLatency({ kind: 'uniform', minMs: 0, maxMs: 3 });
  const second = await run();
  expect(second.latencyMs).toBe(first.latencyMs);
  expect(second.seqNo).not.toBe(first.seqNo);
  expect(other.calls()).toBe(1);
});

it('a credential selects the same namespace over every channel', async () => {
  const mock = await startMock();
  await ask(mock, 'shared');
  const body = new URLSearchParams({ name: PERSON.name, idcard: PERSON.idCard, mobile: PERSON.mobile, key: 'shared' });
  await fetch(`${mock.url}/communication/personal/1979`, { method: 'POST', body });
  expect(
    mock
      .namespace('shared')
      .journal()
      .map(({ channel }) => channel),
  ).toEqual(['appcode', 'key']);
});
