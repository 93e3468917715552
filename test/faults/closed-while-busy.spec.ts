import { TEST_POPULATION } from '@identity-verify/contract';
import { afterEach, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { startClosingUpstream } from './closing-upstream.js';
import { openClientOn, overAxios, TRANSPORTS } from './transports.js';

const [person] = TEST_POPULATION;
const TIMES = 15;

const opened: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((resource) => resource.close())));

type OpenTransport = Parameters<typeof openClientOn>[0];

/** Asks twice on one connection, and runs `between` around the second question. */
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
    it.each(each)('before the question: answered on another one (%#)', async () => {
      const seen = await askTwice(open, (block, ask) => {
        block();
        return ask();
      });
      expect(seen).toEqual(['match', 2]);
    });

    it.each(each)('in the turn in which it would be used: answered on another one (%#)', async () => {
      const seen = await askTwice(open, (block, ask) => {
        setImmediate(() =>
          setImmediate(() => {
            block();
            const until = performance.now() + 10;
            while (performance.now() < until); // a shorter pause is no longer than a reply travels
          }),
        );
        return ask();
      });
      expect(seen).toEqual(['match', 2]);
    });
  },
);

it.each(each)('an interceptor that blocks the event loop: answered on another connection (%#)', async () => {
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
