import { HttpModule, HttpService } from '@nestjs/axios';
import {
  Inject,
  Module,
  Optional,
  type OnModuleInit,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Clock } from './support/clock.js';
import { declaredInstances } from './declared.instances.js';
import { DenialFloor } from './support/denial.floor.js';
import { IdentityVerifyService } from './identity-verify.service.js';
import {
  DEFAULT_INSTANCE,
  getDenialFloorToken,
  getIdentityVerifyToken,
  IDENTITY_VERIFY_CLOCK,
  IDENTITY_VERIFY_LEDGER,
  IDENTITY_VERIFY_NAME,
  IDENTITY_VERIFY_OPTIONS,
  IDENTITY_VERIFY_TRANSPORT,
} from './identity-verify.tokens.js';
import { isRegistered, optionsError, scopedDetail, unregisteredDetail } from './instance.lookup.js';
import { MemoryLedger } from './ledger/memory.ledger.js';
import type { IdentityVerifyOptions } from './options/options.types.js';
import { Sealed } from './support/sealed.js';
import { isObject } from './support/value.rules.js';
import { readOptions, readRegistration, type ResolvedOptions } from './options/options.resolver.js';
import { ModuleTransport } from './transport/http-service.transport.js';

/** The name and the visibility of an instance. Set beside the options, never by a factory. */
export interface IdentityVerifyRegistration {
  /** Name of the instance, for `@InjectIdentityVerify(name)`. @default 'default' */
  readonly name?: string | undefined;
  /** Makes the instance injectable everywhere without another import of the module. @default false */
  readonly isGlobal?: boolean | undefined;
}

/** Implemented by a class for `useClass` or `useExisting`. */
export interface IdentityVerifyOptionsFactory {
  createIdentityVerifyOptions(): IdentityVerifyOptions | Promise<IdentityVerifyOptions>;
}

/** The source of the options: exactly one of `useFactory`, `useClass` and `useExisting`. */
export interface IdentityVerifyAsyncOptions extends IdentityVerifyRegistration {
  readonly imports?: ModuleMetadata['imports'] | undefined;
  readonly useFactory?: ((...dependencies: never[]) => FactoryResult | Promise<FactoryResult>) | undefined;
  readonly inject?: FactoryProvider['inject'] | undefined;
  readonly useClass?: Type<IdentityVerifyOptionsFactory> | undefined;
  readonly useExisting?: Type<IdentityVerifyOptionsFactory> | symbol | string | undefined;
}

/** The options. `name` and `isGlobal` belong beside the factory, because Nest needs them before it runs. */
type FactoryResult = IdentityVerifyOptions & { readonly name?: never; readonly isGlobal?: never };

/** Three-element identity verification for a Nest application. */
@Module({})
export class IdentityVerifyModule implements OnModuleInit {
  constructor(
    @Optional() @Inject(IDENTITY_VERIFY_NAME) private readonly name: string | undefined,
    private readonly modules: ModulesContainer,
  ) {}

  /**
   * @throws {IdentityVerifyOptionsError} when the module was imported without `forRoot`, when a name is registered
   *   twice, when an instance depends on a request-scoped provider, and when a guard names an instance that is not
   *   registered
   */
  onModuleInit(): void {
    const { name } = this;
    if (name === undefined) throw optionsError('IdentityVerifyModule was imported without forRoot or forRootAsync');
    const registered = [...this.modules.values()].filter(
      ({ metatype, providers }) =>
        metatype === IdentityVerifyModule && providers.get(IDENTITY_VERIFY_NAME)?.instance === name,
    );
    if (registered.length > 1) {
      throw optionsError(
        `the instance "${name}" is registered ${registered.length} times, each with a budget of its ` +
          'own; register it once, with `isGlobal: true` or in a module that exports it, or give each its own `name`',
      );
    }
    const service = registered[0]?.providers.get(getIdentityVerifyToken(name));
    if (service && !service.isDependencyTreeStatic()) throw optionsError(scopedDetail(name));
    for (const { where, instance } of declaredInstances(this.modules)) {
      if (!isRegistered(this.modules, getIdentityVerifyToken(instance))) {
        throw optionsError(unregisteredDetail(`the guard of ${where}`, instance));
      }
    }
  }

  /**
   * Registers an instance with given options.
   *
   * @throws {IdentityVerifyOptionsError} at once, when an option is not valid
   */
  static forRoot(given: IdentityVerifyOptions & IdentityVerifyRegistration): DynamicModule {
    const { name, isGlobal, options } = readRegistration(given);
    return registration({ name, isGlobal }, [], [{ provide: IDENTITY_VERIFY_OPTIONS, useValue: new Sealed(options) }]);
  }

  /**
   * Registers an instance with options from a factory, a class or an existing provider. They are checked when the
   * application starts.
   *
   * @throws {IdentityVerifyOptionsError} at once, when there is not exactly one source of options
   */
  static forRootAsync(registered: IdentityVerifyAsyncOptions): DynamicModule {
    const given: unknown = registered;
    if (!isObject(given)) throw optionsError('forRootAsync takes an object with useFactory, useClass or useExisting');
    const { name, isGlobal, imports = [], ...source } = registered;
    return registration({ name, isGlobal }, imports, optionsProviders(source));
  }
}

/** Characters that are safe in a log, a telemetry attribute and a ledger key. */
const NAME_PATTERN = /^[\x21-\x7e]{1,64}$/;

function registration(
  { name = DEFAULT_INSTANCE, isGlobal = false }: { readonly name: unknown; readonly isGlobal: unknown },
  imports: NonNullable<ModuleMetadata['imports']>,
  given: Provider[],
): DynamicModule {
  if (typeof name !== 'string' || !NAME_PATTERN.test(name)) {
    throw optionsError('name must be 1 to 64 printable ASCII characters without white space');
  }
  if (typeof isGlobal !== 'boolean') throw optionsError('isGlobal must be true or false');
  const floor = getDenialFloorToken(name);
  const service = getIdentityVerifyToken(name);
  const isDefault = name === DEFAULT_INSTANCE;
  return {
    module: IdentityVerifyModule,
    global: isGlobal,
    imports: [HttpModule.register({}), ...imports],
    providers: [
      ...given,
      { provide: IDENTITY_VERIFY_NAME, useValue: name },
      {
        provide: IDENTITY_VERIFY_CLOCK,
        useFactory: (options: Sealed<ResolvedOptions>) => options.open().clock,
        inject: [IDENTITY_VERIFY_OPTIONS],
      },
      {
        provide: IDENTITY_VERIFY_LEDGER,
        useFactory: (options: Sealed<ResolvedOptions>, clock: Clock) => {
          const { ledger, ledgerEntries } = options.open();
          return ledger ?? new MemoryLedger({ clock, maxEntries: ledgerEntries });
        },
        inject: [IDENTITY_VERIFY_OPTIONS, IDENTITY_VERIFY_CLOCK],
      },
      {
        provide: IDENTITY_VERIFY_TRANSPORT,
        useFactory: (options: Sealed<ResolvedOptions>, http: HttpService) => {
          const { transport, limiter } = options.open();
          return transport ?? new ModuleTransport(http, { maxSockets: limiter.concurrency });
        },
        inject: [IDENTITY_VERIFY_OPTIONS, HttpService],
      },
      {
        provide: floor,
        useFactory: (options: Sealed<IdentityVerifyOptions>, clock: Clock) =>
          new DenialFloor(clock, options.open().denialFloorMs),
        inject: [IDENTITY_VERIFY_OPTIONS, IDENTITY_VERIFY_CLOCK],
      },
      // Only the default instance is provided by class. Otherwise one instance could be injected instead of another.
      ...(isDefault
        ? [IdentityVerifyService, { provide: service, useExisting: IdentityVerifyService }]
        : [{ provide: service, useClass: IdentityVerifyService }]),
    ],
    exports: [service, floor, ...(isDefault ? [IdentityVerifyService] : [])],
  };
}

/** Checks the result of a factory, and seals it before the container holds it. */
function checked(returned: unknown, source: string): Sealed<ResolvedOptions> {
  if (!isObject(returned)) throw optionsError(`${source} returned no options; it must return an object of them`);
  return new Sealed(readOptions(returned));
}

function optionsProviders({
  useFactory,
  useClass,
  useExisting,
  inject = [],
}: Omit<IdentityVerifyAsyncOptions, 'name' | 'isGlobal' | 'imports'>): Provider[] {
  const given = [useFactory, useClass, useExisting].filter((source) => source !== undefined);
  if (given.length !== 1) {
    throw optionsError(
      `forRootAsync takes exactly one of useFactory, useClass and useExisting, but was given ${given.length}; ` +
        'an undefined one is often a circular import',
    );
  }
  const provide = IDENTITY_VERIFY_OPTIONS;
  if (useFactory !== undefined) {
    if (typeof useFactory !== 'function') throw optionsError('useFactory must be a function');
    const create = useFactory as (...dependencies: unknown[]) => unknown;
    return [
      {
        provide,
        useFactory: async (...dependencies: unknown[]) => checked(await create(...dependencies), 'useFactory'),
        inject,
      },
    ];
  }
  if (useClass !== undefined) {
    if (typeof useClass !== 'function') throw optionsError('useClass must be a class');
    return [useClass, { provide, useFactory: created('useClass'), inject: [useClass] }];
  }
  return [{ provide, useFactory: created('useExisting'), inject: [useExisting!] }];
}

/** Gets the options from the object of `useClass` or `useExisting`. */
function created(source: 'useClass' | 'useExisting') {
  return async (factory: IdentityVerifyOptionsFactory | undefined) => {
    if (typeof factory?.createIdentityVerifyOptions !== 'function') {
      throw optionsError(
        `${source} has no method createIdentityVerifyOptions; implement IdentityVerifyOptionsFactory, ` +
          'or inject the provider into a useFactory',
      );
    }
    return checked(await factory.createIdentityVerifyOptions(), `createIdentityVerifyOptions of ${source}`);
  };
}
