import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Inject,
  Injectable,
  Module,
  Scope,
  type DynamicModule,
  type INestApplicationContext,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { TEST_POPULATION } from '@identity-verify/contract';
import {
  getIdentityVerifyToken,
  IDENTITY_VERIFY_CLOCK,
  IDENTITY_VERIFY_LEDGER,
  IDENTITY_VERIFY_TRANSPORT,
  IdentityVerifyModule,
  IdentityVerifyService,
  InjectIdentityVerify,
  MemoryLedger,
  RequireVerifiedIdentity,
  type IdentityVerifyOptions,
  type IdentityVerifyOptionsFactory,
} from './index.js';
import { GROUPS, RULES } from './options/options.table.js';
import { FakeUpstream } from './testing/fake.upstream.js';
import { ManualClock } from './testing/manual.clock.js';

const [person] = TEST_POPULATION;
const credentials = { appCode: 'code' };
const options = (upstream = new FakeUpstream()): IdentityVerifyOptions => ({
  credentials: { appCode: 'code' },
  baseUrl: 'http://127.0.0.1',
  pepper: 'a pepper that is long enough for this',
  transport: upstream,
});

@Injectable()
class Options implements IdentityVerifyOptionsFactory {
  createIdentityVerifyOptions(): IdentityVerifyOptions {
    return options();
  }
}

@Module({
  providers: [Options, { provide: 'upstream', useFactory: () => new FakeUpstream() }],
  exports: [Options, 'upstream'],
})
class SettingsModule {}

const start = (...imports: DynamicModule[]) =>
  Test.createTestingModule({ imports })
    .compile()
    .then((module) => module.init());

async function answers(
  app: INestApplicationContext,
  token: symbol | typeof IdentityVerifyService = IdentityVerifyService,
) {
  const service = app.get<IdentityVerifyService>(token, { strict: false });
  expect((await service.verify(person)).outcome).toBe('match');
  await app.close();
  await expect(service.verify(person)).rejects.toMatchObject({ code: 'IDV_SHUTTING_DOWN' });
}

const FORMS: [string, (more: { name?: string; isGlobal?: boolean }) => DynamicModule][] = [
  ['forRoot', (more) => IdentityVerifyModule.forRoot({ ...options(), ...more })],
  ['forRootAsync, factory', (more) => IdentityVerifyModule.forRootAsync({ ...more, useFactory: () => options() })],
  [
    'forRootAsync, asynchronous factory with imports',
    (more) =>
      IdentityVerifyModule.forRootAsync({
        ...more,
        imports: [SettingsModule],
        inject: ['upstream'],
        useFactory: async (upstream: FakeUpstream) => options(upstream),
      }),
  ],
  ['forRootAsync, class', (more) => IdentityVerifyModule.forRootAsync({ ...more, useClass: Options })],
  [
    'forRootAsync, existing',
    (more) => IdentityVerifyModule.forRootAsync({ ...more, imports: [SettingsModule], useExisting: Options }),
  ],
];

describe.each(FORMS)('%s', (_form, register) => {
  it('boots, answers and shuts down', async () => {
    await answers(await start(register({})));
  });

  it('under a name', async () => {
    await answers(await start(register({ name: 'lending' })), getIdentityVerifyToken('lending'));
  });

  it('globally, for modules that do not import it', async () => {
    @Injectable()
    class Consumer {
      constructor(
        readonly byClass: IdentityVerifyService,
        @InjectIdentityVerify() readonly byToken: IdentityVerifyService,
      ) {}
    }
    @Module({ providers: [Consumer] })
    class FeatureModule {}
    const app = await start(register({ isGlobal: true }), { module: FeatureModule });
    const { byClass, byToken } = app.get(Consumer, { strict: false });
    expect(byClass).toBe(byToken);
    await answers(app);
  });

  it('not globally by default', async () => {
    @Injectable()
    class Consumer {
      constructor(@Inject(getIdentityVerifyToken()) readonly service: IdentityVerifyService) {}
    }
    @Module({ providers: [Consumer] })
    class FeatureModule {}
    await expect(start(register({}), { module: FeatureModule })).rejects.toThrow(/resolve/);
  });

  it('two instances, each with its own ledger', async () => {
    const app = await start(register({}), register({ name: 'lending' }));
    const [own, lending] = [
      app.get(IdentityVerifyService, { strict: false }),
      app.get<IdentityVerifyService>(getIdentityVerifyToken('lending'), { strict: false }),
    ];
    expect((await own.verify(person)).source).toBe('upstream');
    expect((await lending.verify(person)).source).toBe('upstream');
    expect((await own.spent()).today.calls).toBe(1);
    await app.close();
  });

  it('refuses two registrations of one name', async () => {
    await expect(start(register({ name: 'lending' }), register({ name: 'lending' }))).rejects.toMatchObject({
      code: 'IDV_OPTIONS_INVALID',
      message: expect.stringContaining('the instance "lending" is registered 2 times'),
    });
  });

  it('with ledger, transport and clock overridden by token', async () => {
    const clock = new ManualClock();
    const [ledger, upstream] = [new MemoryLedger({ clock }), new FakeUpstream().verifyReturns('mismatch')];
    const app = await Test.createTestingModule({ imports: [register({})] })
      .overrideProvider(IDENTITY_VERIFY_LEDGER)
      .useValue(ledger)
      .overrideProvider(IDENTITY_VERIFY_TRANSPORT)
      .useValue(upstream)
      .overrideProvider(IDENTITY_VERIFY_CLOCK)
      .useValue(clock)
      .compile();
    const { outcome, answeredAt } = await app.get(IdentityVerifyService).verify(person);
    expect([outcome, answeredAt]).toEqual(['mismatch', new Date(clock.now())]);
    expect(ledger.spent('default').callsToday).toBe(1);
    upstream.expectCalls(1);
    await app.close();
  });
});

describe('IdentityVerifyModule', () => {
  it.each([
    ['', 'name must be 1 to 64 printable ASCII characters without white space'],
    ['two words', 'name must be'],
    ['line\nbreak', 'name must be'],
    ['贷款', 'name must be'],
    ['x'.repeat(65), 'name must be'],
    [7, 'name must be'],
    [null, 'name must be'],
    [['lending'], 'name must be'],
  ])('refuses the name %j, in forRoot and in forRootAsync', (name, expected) => {
    const wrong = { name: name as string };
    expect(() => IdentityVerifyModule.forRoot({ credentials, ...wrong })).toThrow(expected);
    expect(() => IdentityVerifyModule.forRootAsync({ useFactory: () => ({ credentials }), ...wrong })).toThrow(
      expected,
    );
  });

  it('accepts a name of 64 characters, and refuses an isGlobal that is not a boolean', () => {
    expect(() => IdentityVerifyModule.forRoot({ credentials, name: 'a/b:c'.padEnd(64, '.') })).not.toThrow();
    const isGlobal = 'yes' as unknown as boolean;
    expect(() => IdentityVerifyModule.forRoot({ credentials, isGlobal })).toThrow('isGlobal must be true or false');
  });

  it('reports an unreadable registration without the error that it threw', () => {
    const options = new Proxy(
      { credentials },
      {
        ownKeys: () => {
          throw new Error('SECRET');
        },
      },
    );
    expect(() => IdentityVerifyModule.forRoot(options)).toThrow('options cannot be read');
  });

  it('keeps the validated options when a factory changes them later', async () => {
    const clock = new ManualClock();
    const given = { ...options(), budget: { callsPerDay: 1 }, clock };
    const app = await Test.createTestingModule({
      imports: [IdentityVerifyModule.forRootAsync({ useFactory: () => given })],
    }).compile();
    given.budget.callsPerDay = NaN;
    const { today } = await app.get(IdentityVerifyService).spent();
    expect(today.callsLeft).toBe(1);
    await app.close();
  });

  it('refuses invalid options at once, or when the application starts', async () => {
    const wrong = { ...options(), deadlineMs: -1 };
    expect(() => IdentityVerifyModule.forRoot(wrong)).toThrow(/deadlineMs must be/);
    await expect(start(IdentityVerifyModule.forRootAsync({ useFactory: () => wrong }))).rejects.toThrow(
      /deadlineMs must be/,
    );
  });

  it.each([
    [{}, 'was given 0'],
    [{ useFactory: () => options(), useClass: Options }, 'was given 2'],
  ])('refuses %p as a source of options', (source, expected) => {
    expect(() => IdentityVerifyModule.forRootAsync(source)).toThrow(expected);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a list', []],
    ['a text', 'code'],
  ])('reports a factory that returned %s instead of options', async (_what, returned) => {
    const useFactory = () => returned as never;
    await expect(start(IdentityVerifyModule.forRootAsync({ useFactory }))).rejects.toMatchObject({
      code: 'IDV_OPTIONS_INVALID',
      message: expect.stringContaining('useFactory returned no options'),
    });
    class Empty {
      createIdentityVerifyOptions = useFactory;
    }
    await expect(start(IdentityVerifyModule.forRootAsync({ useClass: Empty }))).rejects.toThrow(
      /createIdentityVerifyOptions of useClass returned no options/,
    );
  });

  class NoFactory {}
  it.each([
    ['useExisting', { useExisting: 'settings' }, 'settings', { appCode: 'code' }],
    ['useExisting', { useExisting: 'settings' }, 'settings', undefined],
    ['useExisting', { useExisting: NoFactory as never }, NoFactory, new NoFactory()],
    ['useClass', { useClass: NoFactory as never }, 'settings', {}],
  ] as const)('explains that %s is not an options factory: %j', async (source, registered, provide, useValue) => {
    @Module({ providers: [{ provide, useValue }], exports: [provide] })
    class Settings {}
    const started = start(IdentityVerifyModule.forRootAsync({ ...registered, imports: [Settings] }));
    await expect(started).rejects.toMatchObject({
      code: 'IDV_OPTIONS_INVALID',
      message: expect.stringContaining(`${source} has no method createIdentityVerifyOptions`),
    });
  });

  it.each([
    [() => IdentityVerifyModule.forRoot(undefined as never), /options must be an object/],
    [() => IdentityVerifyModule.forRootAsync(undefined as never), /forRootAsync takes an object/],
    [() => IdentityVerifyModule.forRootAsync({ useFactory: {} as never }), /useFactory must be a function/],
    [() => IdentityVerifyModule.forRootAsync({ useClass: 'Options' as never }), /useClass must be a class/],
    [() => IdentityVerifyModule.forRootAsync({ useClass: undefined }), /was given 0; .*circular import/],
    [() => IdentityVerifyModule.forRoot({ ...options(), name: '' }), /name must be 1 to 64 printable/],
    [() => IdentityVerifyModule.forRoot({ ...options(), name: 7 as never }), /name must be 1 to 64 printable/],
  ])('refuses an invalid registration: %s', (register, expected) => {
    expect(register).toThrow(expected);
  });

  it.each([
    ['request-scoped', Scope.REQUEST],
    ['durable', Scope.REQUEST],
  ])('refuses a %s provider as a source of options at the start', async (kind, scope) => {
    @Injectable({ scope, durable: kind === 'durable' })
    class OfRequest implements IdentityVerifyOptionsFactory {
      createIdentityVerifyOptions = () => options();
    }
    @Module({ providers: [OfRequest], exports: [OfRequest] })
    class Scoped {}
    const forms: ConstructorParameters<typeof Object>[0][] = [
      { inject: [OfRequest], useFactory: () => options() },
      { useClass: OfRequest },
      { useExisting: OfRequest },
      { inject: [REQUEST], useFactory: () => options() },
    ];
    for (const name of [undefined, 'lending']) {
      for (const form of forms) {
        await expect(
          start(IdentityVerifyModule.forRootAsync({ ...(form as object), name, imports: [Scoped] })),
        ).rejects.toMatchObject({
          code: 'IDV_OPTIONS_INVALID',
          message: expect.stringMatching(
            new RegExp(`the instance "${name ?? 'default'}" depends on a request-scoped or transient provider`),
          ),
        });
      }
    }
  });

  it('accepts options from a transient provider', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Transient implements IdentityVerifyOptionsFactory {
      createIdentityVerifyOptions = () => options();
    }
    await answers(await start(IdentityVerifyModule.forRootAsync({ useClass: Transient })));
  });

  it.each([
    ['a handler', () => class Enrolments { handle() {} }, 'handle'], // prettier-ignore
    ['a class', () => class Enrolments { handle() {} }, undefined], // prettier-ignore
  ] as const)('refuses to start when the guard of %s names an unregistered instance', async (_what, make, method) => {
    const controller = make();
    Controller()(controller);
    const decorate = RequireVerifiedIdentity({ instance: 'lendign' });
    if (method) decorate(controller.prototype, method, Object.getOwnPropertyDescriptor(controller.prototype, method)!);
    else decorate(controller);
    const compile = (...imports: DynamicModule[]) =>
      Test.createTestingModule({ imports, controllers: [controller] })
        .compile()
        .then((module) => module.init());
    await expect(compile(IdentityVerifyModule.forRoot(options()))).rejects.toMatchObject({
      code: 'IDV_OPTIONS_INVALID',
      message: expect.stringMatching(
        /the guard of Enrolments(?:\.handle)? asks for the instance "lendign", which is not registered/,
      ),
    });
    const app = await compile(IdentityVerifyModule.forRoot({ ...options(), name: 'lendign' }));
    await app.close();
  });

  it('treats undefined as omitted', async () => {
    const clock = new ManualClock();
    const nothing = Object.fromEntries(
      Object.keys(RULES)
        .concat(Object.keys(GROUPS), 'subjectLimit', 'name', 'isGlobal')
        .map((name) => [name, undefined]),
    );
    const groups = Object.fromEntries(
      Object.entries(GROUPS).map(([group, rules]) => [
        group,
        Object.fromEntries(Object.keys(rules).map((name) => [name, undefined])),
      ]),
    );
    const given = { ...nothing, ...groups, ...options(), clock };
    const names = { name: undefined, isGlobal: undefined };
    for (const registered of [
      IdentityVerifyModule.forRoot({ ...given, ...names }),
      IdentityVerifyModule.forRootAsync({
        ...names,
        imports: undefined,
        inject: undefined,
        useFactory: () => ({ ...given, ...names }) as never,
      }),
    ]) {
      const app = await start(registered);
      const service = app.get(IdentityVerifyService, { strict: false });
      expect(await service.verify(person)).toMatchObject({ outcome: 'match', source: 'upstream' });
      // Kept for exactly the default lifetime of a match.
      expect(await service.verify(person)).toMatchObject({ source: 'ledger' });
      await clock.advance(27 * 3_600_000);
      expect(await service.verify(person)).toMatchObject({ source: 'upstream' });
      expect((await service.spent()).today).toEqual({ calls: 1, cny: 0.42 });
      await app.close();
    }
  });

  it('refuses name and isGlobal in the options of a factory', async () => {
    const useFactory = () => ({ ...options(), name: 'lending' }) as never;
    await expect(start(IdentityVerifyModule.forRootAsync({ useFactory }))).rejects.toThrow(/stand beside useFactory/);
  });

  it('refuses to be imported without forRoot', async () => {
    const module = await Test.createTestingModule({ imports: [IdentityVerifyModule] }).compile();
    await expect(module.init()).rejects.toThrow(/without forRoot or forRootAsync/);
  });

  it('closes the transport that it created, but not one from the application', async () => {
    const given = Object.assign(new FakeUpstream(), { closed: 0, close: () => given.closed++ });
    const app = await start(IdentityVerifyModule.forRoot({ ...options(), transport: given }));
    await app.close();
    expect(given.closed).toBe(0);
  });
});
