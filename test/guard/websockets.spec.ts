import { TEST_POPULATION } from '@identity-verify/contract';
import { IdentityVerifyExceptionFilter, RequireVerifiedIdentity, VerifiedIdentity } from '@identity-verify/nestjs';
import { FakeUpstream, IdentityVerifyTestingModule, type FakeReply } from '@identity-verify/nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { UseFilters, type ExecutionContext, type INestApplication, type WebSocketAdapter } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { openSocketIo, openWs, type SocketClient } from '../support/socket.clients.js';

const [person, stranger] = TEST_POPULATION;

@WebSocketGateway()
@UseFilters(IdentityVerifyExceptionFilter)
class EnrolmentGateway {
  @RequireVerifiedIdentity({ from: (context: ExecutionContext) => context.switchToWs().getData<unknown>() })
  @SubscribeMessage('enrol')
  enrol(@VerifiedIdentity() { mobile, outcome }: VerifiedIdentity) {
    return { event: 'enrolled', data: { mobile, outcome } };
  }
}

const PLATFORMS: readonly [
  string,
  (app: INestApplication) => WebSocketAdapter,
  (url: string) => Promise<SocketClient>,
][] = [
  ['platform-ws', (app) => new WsAdapter(app), openWs],
  ['platform-socket.io', (app) => new IoAdapter(app), openSocketIo],
];

let app: INestApplication | undefined;
let client: SocketClient | undefined;
afterEach(async () => {
  client?.close();
  await app?.close();
  app = client = undefined;
});

describe.each(PLATFORMS)('over %s', (_platform, adapterFor, open) => {
  async function start() {
    const upstream = new FakeUpstream();
    const module = await Test.createTestingModule({
      imports: [IdentityVerifyTestingModule.forRoot({ upstream })],
      providers: [EnrolmentGateway],
    }).compile();
    app = module.createNestApplication({ logger: false });
    app.useWebSocketAdapter(adapterFor(app));
    await app.listen(0, '127.0.0.1');
    client = await open(await app.getUrl());
    return { upstream, client };
  }

  it('lets a match through, with the identity normalised', async () => {
    const { client } = await start();
    expect(await client.ask({ ...person, mobile: `+86 ${person.mobile}` })).toEqual({
      event: 'enrolled',
      data: { mobile: person.mobile, outcome: 'match' },
    });
  });

  it.each<[string, FakeReply, unknown, object]>([
    ['a bad message', 'match', { mobile: '1' }, { code: 'IDV_INPUT_INVALID', httpStatus: 422 }],
    ['a message that is no object', 'match', 'enrol me', { code: 'IDV_INPUT_INVALID', httpStatus: 422 }],
    ['no message', 'match', null, { code: 'IDV_INPUT_INVALID', httpStatus: 422 }],
    ['a mismatch', 'mismatch', stranger, { code: 'IDV_DENIED', httpStatus: 403 }],
    ['an outage', 'unreachable', stranger, { code: 'IDV_CONNECT_FAILED', httpStatus: 503 }],
    ['an error of the account', '10009', stranger, { code: 'IDV_QUOTA', httpStatus: 503 }],
  ])('answers %s with an exception event, and handles the next message', async (_what, reply, message, told) => {
    const { client, upstream } = await start();
    upstream.verifyReturnsFor(stranger, reply);
    const answer = await client.ask(message);
    expect(answer).toEqual({
      event: 'exception',
      data: expect.objectContaining({ status: 'error', message: expect.any(String), ...told }),
    });
    for (const value of Object.values(stranger)) expect(JSON.stringify(answer)).not.toContain(value);
    expect((await client.ask(person)).event).toBe(reply === '10009' ? 'exception' : 'enrolled');
  });
});
