import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { PERSON, exchange, rawQuestion, startMock } from './support.js';

const SCENARIOS = ['match', 'code-10017', 'gateway-quota-exhausted', 'nothing-like-it', 'code-unknown'];

/** The replies in a stream of bytes, each with its head in lines. */
function repliesIn(received: Buffer): { lines: string[]; body: Buffer }[] {
  const replies = [];
  for (let rest = received; rest.length > 0;) {
    const end = rest.indexOf('\r\n\r\n');
    const lines = rest.subarray(0, end).toString('latin1').split('\r\n');
    const length = Number(/^Content-Length: (\d+)$/m.exec(lines.join('\n'))?.[1]);
    replies.push({ lines, body: rest.subarray(end + 4, end + 4 + length) });
    rest = rest.subarray(end + 4 + length);
  }
  return replies;
}

/** Replaces what differs between any two replies. */
const comparable = ({ lines, body }: { lines: string[]; body: Buffer }) => ({
  lines: lines.map((line) =>
    line
      .replace(/^(X-Ca-Request-Id): [0-9A-F-]{36}$/, '$1')
      .replace(/^(Date): \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, '$1'),
  ),
  body: body.toString('utf8').replace(/"seqNo":"[0-9A-Z]{8}\d{10}"/, '"seqNo"'),
});

describe('the framing of a reply', () => {
  it.each(
    [{}, { strictWire: true }, { successHeader: '成功' }].flatMap((options) =>
      SCENARIOS.map((scenario) => ({ options, scenario })),
    ),
  )('is the same in one write as through node:http: $scenario with $options', async ({ options, scenario }) => {
    const mock = await startMock({ ...options, seed: 'framing' });
    const ask = async (more: string) => {
      const question = rawQuestion(PERSON.mobile, [`X-Mock-Scenario: ${scenario}`, more]);
      const { received } = await exchange(mock.port, question, { halfClose: true });
      const [reply, ...rest] = repliesIn(received);
      if (!reply || rest.length > 0) throw new Error('there is not one reply');
      return comparable(reply);
    };
    const ended = await ask('Connection: close');
    // node:http writes every reply that ends its connection.
    expect(ended.lines.filter((line) => line.startsWith('Connection'))).toEqual(['Connection: close']);
    const kept = await ask('X-Padding: x');
    const hint = 'strictWire' in options ? [] : ['Keep-Alive: timeout=5'];
    expect(kept.lines.slice(-hint.length || undefined)).toEqual(hint.length > 0 ? hint : kept.lines);
    expect({ ...kept, lines: kept.lines.slice(0, kept.lines.length - hint.length) }).toEqual({
      ...ended,
      lines: ended.lines.map((line) => (line === 'Connection: close' ? 'Connection: keep-alive' : line)),
    });
  });

  it.each([
    ['HTTP/1.1', 'Connection: keep-alive', 'Connection: keep-alive', 'open'],
    ['HTTP/1.1', 'Connection: close', 'Connection: close', 'end'],
    ['HTTP/1.0', 'Connection: keep-alive', 'Connection: keep-alive', 'open'],
    ['HTTP/1.0', 'X-Padding: x', 'Connection: close', 'end'],
  ])('follows %s with %s', async (version, sent, replied, ending) => {
    const mock = await startMock();
    const question = rawQuestion(PERSON.mobile, [sent]).replace('HTTP/1.1', version);
    const result = await exchange(mock.port, question, {
      ...(ending === 'open' && { enough: (received) => received.includes('"seqNo"') }),
    });
    expect(result.ending).toBe(ending);
    expect(repliesIn(result.received)[0]?.lines).toContain(replied);
  });

  it('keeps pipelined replies apart and in order, however slow each is', async () => {
    const mock = await startMock({ setTimer: (callback) => (setImmediate(callback), () => undefined) });
    const namespace = mock.namespace('raw');
    namespace.enqueue({ scenario: 'match', latencyMs: 5 }, 'code-10017', { scenario: 'mismatch', latencyMs: 1 });
    const questions = [1, 2, 3, 4, 5].map(() => rawQuestion(PERSON.mobile)).join('');
    const { received } = await exchange(mock.port, questions, { halfClose: true });
    const replies = repliesIn(received).map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);
    expect(replies.map(({ code, data }) => [code, data])).toEqual([
      ['10000', { state: '1' }],
      ['10017', null],
      ['10000', { state: '2' }],
      ['10000', { state: '1' }],
      ['10000', { state: '1' }],
    ]);
    const sent = namespace.journal().map(({ seqNo }) => seqNo);
    expect(replies.map(({ seqNo }) => seqNo)).toEqual(sent);
  });

  it('serves many questions on one connection, and counts none as open', async () => {
    const mock = await startMock();
    const socket = connect(mock.port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    for (let i = 1; i <= 50; i++) {
      socket.write(rawQuestion(PERSON.mobile));
      while ((received.match(/"seqNo"/g) ?? []).length < i) await once(socket, 'data');
    }
    expect(mock.namespace('raw').calls()).toBe(50);
    // An idle connection does not hold the end up.
    await Promise.all([once(socket, 'close'), mock.close({ graceMs: 600_000 })]);
  });

  it('answers a body in chunks and in single bytes', async () => {
    const mock = await startMock();
    const [head = '', body = ''] = rawQuestion(PERSON.mobile).split('\r\n\r\n');
    const chunked = `${head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked')}\r\n\r\n`;
    const chunks = Array.from(body, (byte) => `1\r\n${byte}\r\n`).join('');
    const { received } = await exchange(mock.port, `${chunked}${chunks}0\r\n\r\n${rawQuestion(PERSON.mobile)}`, {
      halfClose: true,
    });
    expect(repliesIn(received).map(({ lines }) => lines[0])).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
  });
});
