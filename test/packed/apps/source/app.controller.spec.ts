import { Test, type TestingModule } from '@nestjs/testing';
import { IdentityInputError, IdentityVerifyModule, type UpstreamTransport } from '@identity-verify/nestjs';
import { AppController } from './app.controller.js';

const IDENTITY = { name: '测试甲', idCard: '110101190001010014', mobile: '16000020001' };

/** An upstream without a network, that always says the same. */
function upstreamThatSays(state: string): UpstreamTransport {
  const body = Buffer.from(
    JSON.stringify({ code: '10000', message: '成功', data: { state }, seqNo: 'UNITTEST0000000001' }),
  );
  return { send: () => Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body }) };
}

describe('AppController', () => {
  let app: TestingModule;

  async function controllerWith(state: string): Promise<AppController> {
    app = await Test.createTestingModule({
      imports: [
        IdentityVerifyModule.forRoot({
          credentials: { appCode: 'unit-test' },
          baseUrl: 'http://127.0.0.1:9',
          pepper: 'a pepper for unit tests, and for nothing else',
          transport: upstreamThatSays(state),
        }),
      ],
      controllers: [AppController],
    }).compile();
    return app.get(AppController);
  }

  afterEach(() => app.close());

  it('answers through the module', async () => {
    const controller = await controllerWith('1');
    await expect(controller.verify(IDENTITY)).resolves.toMatchObject({ outcome: 'match', seqNo: 'UNITTEST0000000001' });
  });

  it('does not take a success of the call for a match', async () => {
    const controller = await controllerWith('2');
    await expect(controller.verify(IDENTITY)).resolves.toMatchObject({ outcome: 'mismatch' });
  });

  it('recognises an error of the module by its class', async () => {
    const controller = await controllerWith('1');
    await expect(controller.verify({ ...IDENTITY, mobile: '1' })).rejects.toBeInstanceOf(IdentityInputError);
  });
});
