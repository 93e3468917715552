import { TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { ProxyAgent } from 'undici';
import { openClientOn, TRANSPORTS } from './transports.js';

const [person, other] = TEST_POPULATION;

/** A proxy that opens tunnels and counts them. */
class TunnelProxy {
  readonly #sockets = new Set<Socket>();
  tunnels = 0;
  readonly #server: Server = createServer().on('connect', ({ url = '' }, from: Socket) => {
    this.tunnels++;
    const [host = '', port = ''] = url.split(':');
    const to = connect(Number(port), host, () => {
      from.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      from.pipe(to).pipe(from);
    });
    for (const socket of [from, to]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe.each(TRANSPORTS)('%s with a ProxyAgent', (_name, open) => {
  let mock: MockServer;
  let proxy: TunnelProxy;
  let dispatcher: ProxyAgent;
  beforeEach(async () => {
    mock = await startMockServer({ port: 0 });
    proxy = new TunnelProxy();
    dispatcher = new ProxyAgent({ uri: await proxy.listen(), proxyTunnel: true });
  });
  afterEach(async () => {
    await dispatcher.destroy();
    await proxy.close();
    await mock.close();
  });

  it('asks through the proxy, each question on a connection of its own', async () => {
    const credentials = { appCode: 'proxied' };
    const { service, close } = await openClientOn(() => open({ dispatcher }), { baseUrl: mock.url, credentials });
    expect(await service.verify(person)).toMatchObject({ outcome: 'match', source: 'upstream' });
    expect(await service.verify(other)).toMatchObject({ outcome: 'match', source: 'upstream' });
    expect(proxy.tunnels).toBe(2);
    expect(mock.namespace('proxied').journal()).toHaveLength(2);
    await close();
  });
});
