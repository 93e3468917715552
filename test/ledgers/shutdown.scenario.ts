import { TEST_POPULATION } from '@identity-verify/contract';
import {
  getIdentityVerifyToken,
  IdentityVerifyModule,
  type IdentityVerifyService,
  type SharedLedger,
} from '@identity-verify/nestjs';
import { FakeUpstream } from '@identity-verify/nestjs/testing';
import { expect } from '@jest/globals';
import { Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { TEST_PEPPER } from '../support/client.js';

const LEDGER = Symbol('the ledger of the application');
const NAMES = ['default', 'lending'] as const;
const [led, followed] = TEST_POPULATION;

/** An upstream whose replies wait until the test opens it. */
class GatedUpstream extends FakeUpstream {
  open!: () => void;
  readonly #opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  override async send(request: Parameters<FakeUpstream['send']>[0]): ReturnType<FakeUpstream['send']> {
    const reply = super.send(request);
    await this.#opened;
    return reply;
  }
}

const optionsOf = (transport: FakeUpstream, ledger: SharedLedger) => ({
  credentials: { appCode: 'a-code' },
  baseUrl: 'http://127.0.0.1',
  pepper: TEST_PEPPER,
  ledgerTimeoutMs: 2_000,
  transport,
  ledger,
});

@Module({})
class LedgerModule {
  static with(ledger: SharedLedger, global: boolean): DynamicModule {
    return {
      module: LedgerModule,
      global,
      providers: [{ provide: LEDGER, useFactory: () => ledger }],
      exports: [LEDGER],
    };
  }
}

const injected =
  (isGlobal: boolean, ledgerIsGlobal = false) =>
  (transport: FakeUpstream, ledger: SharedLedger): DynamicModule[] => {
    const store = LedgerModule.with(ledger, ledgerIsGlobal);
    return NAMES.map((name) =>
      IdentityVerifyModule.forRootAsync({
        name,
        isGlobal,
        imports: [store],
        inject: [LEDGER],
        useFactory: (given: SharedLedger) => optionsOf(transport, given),
      }),
    );
  };

/** The ways in which two named instances can be given one ledger. */
export const REGISTRATIONS: Readonly<
  Record<string, (transport: FakeUpstream, ledger: SharedLedger) => DynamicModule[]>
> = {
  'the options of forRoot': (transport, ledger) =>
    NAMES.map((name) => IdentityVerifyModule.forRoot({ name, ...optionsOf(transport, ledger) })),
  'the options of forRoot, globally': (transport, ledger) =>
    NAMES.map((name) => IdentityVerifyModule.forRoot({ name, isGlobal: true, ...optionsOf(transport, ledger) })),
  'injection into forRootAsync': injected(false),
  'injection into global instances': injected(true),
  'injection from a global module': injected(false, true),
  'injection from a global module into global instances': injected(true, true),
};

async function start(imports: DynamicModule[]): Promise<TestingModule> {
  const app = await Test.createTestingModule({ imports }).compile();
  return app.init();
}

const servicesOf = (app: TestingModule) =>
  NAMES.map((name) => app.get<IdentityVerifyService>(getIdentityVerifyToken(name), { strict: false }));

/** Resolves when an instance refuses new questions, because it shuts down. Asks nothing. */
async function refusing(service: IdentityVerifyService): Promise<void> {
  const signal = AbortSignal.abort();
  for (;;) {
    const { code } = (await service.verify(led, { signal }).catch((error: unknown) => error)) as { code?: string };
    if (code === 'IDV_SHUTTING_DOWN') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves when the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Shuts an application down whose two instances each lead a call of their own and follow a call of another process.
 * Expects that all of them end with their answers, that these are kept, and that the ledger is closed afterwards.
 *
 * @param open opens the store; each call stands for another process
 */
export async function expectDrainedBeforeClosed(
  register: (transport: FakeUpstream, ledger: SharedLedger) => DynamicModule[],
  open: () => SharedLedger,
): Promise<void> {
  const [upstream, elsewhere] = [new GatedUpstream(), new GatedUpstream()];
  const ledger = open();
  const otherProcess = await start(REGISTRATIONS['the options of forRoot']!(elsewhere, open()));
  const app = await start(register(upstream, ledger));
  const services = servicesOf(app);

  const leading = servicesOf(otherProcess).map((service) => service.verify(followed));
  await until(() => elsewhere.asked.length === NAMES.length);
  const following = services.map((service) => service.verify(followed));
  const asking = services.map((service) => service.verify(led));
  await until(() => upstream.asked.length === NAMES.length);

  const closed = app.close();
  await Promise.race(services.map(refusing)); // one shuts down after the other
  elsewhere.open();
  upstream.open();
  const ends = await Promise.allSettled([...asking, ...following, ...leading]);
  await closed;
  expect(ends).toEqual(ends.map(() => ({ status: 'fulfilled', value: expect.objectContaining({ outcome: 'match' }) })));
  await expect((async () => ledger.spent('default'))()).rejects.toThrow();

  const restarted = await start(register(new FakeUpstream().verifyReturns('mismatch'), open()));
  for (const service of servicesOf(restarted)) {
    expect(await service.verify(led)).toMatchObject({ outcome: 'match', source: 'ledger' });
    expect((await service.spent()).today.calls).toBe(2);
  }
  await restarted.close();
  await otherProcess.close();
}
