import { TEST_POPULATION } from '@identity-verify/contract';
import { afterEach, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { startClosingUpstream } from './closing-upstream.js';
import { openClientOn, overAxios, TRANSPORTS } from './transports.js';

const [person] = TEST_POPULATION;
// What is played depends on the order of two events: each time is another chance for the wrong one.
const TIMES = process.env['TEST_LONG'] ? 15 : 5;

const opened: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((resource) => resource.close())));

type OpenTransport = Parameters<typeof openClientOn>[0];

/** Calls once, then makes the second call through `between`. */
async function askTwice(
  open: OpenTransport,
  between: (block: () => void, ask: () => Promise<string>) => Promise<string>,
) {
  const upstream = await startClosingUpstream();
  const client = await openClientOn(open, { baseUrl: upstream.url, credentials: { appCode: 'busy' } });
  opened.push(client, upstream);
  const ask = () => client.service.verify(person, { maxAgeMs: 0 }).then(({ outcome }) => outcome, String);
  await ask();
  const second = await between(upstream.blockUntilClosed, ask);
  return [second, upstream.requests()];
}

const each = Array.from({ length: TIMES }, (_, i) => i);

describe.each(TRANSPORTS)(
  '%s: a kept connection that the server closes while the event loop is blocked',
  (_name, open) => {
    it.each(each)('is replaced when it closes before the call (%#)', async () => {
      const seen = await askTwice(open, (block, ask) => {
        block();
        return ask();
      });
      expect(seen).toEqual(['match', 2]);
    });

    it.each(each)('is replaced when it closes in the turn of its use (%#)', async () => {
      const seen = await askTwice(open, (block, ask) => {
        setImmediate(() =>
          setImmediate(() => {
            block();
            const until = performance.now() + 10;
            while (performance.now() < until); // a shorter pause can end before the close arrives
          }),
        );
        return ask();
      });
      expect(seen).toEqual(['match', 2]);
    });
  },
);

it.each(each)('a call uses a new connection after an interceptor blocked the event loop (%#)', async () => {
  const http = axios.create();
  let block: () => void = () => undefined;
  http.interceptors.request.use((config) => {
    block();
    return config;
  });
  const seen = await askTwice(
    () => overAxios(http),
    (blockUntilClosed, ask) => {
      block = blockUntilClosed;
      return ask();
    },
  );
  expect(seen).toEqual(['match', 2]);
});
