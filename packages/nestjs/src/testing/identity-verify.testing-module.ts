import { Module, type DynamicModule } from '@nestjs/common';
import { IdentityVerifyModule } from '../identity-verify.module.js';
import { defined } from '../support/defined.js';
import type { IdentityVerifyOptions } from '../options/options.types.js';
import { FakeUpstream } from './fake.upstream.js';
import { ManualClock } from './manual.clock.js';

/** Options of {@link IdentityVerifyTestingModule}. */
export interface IdentityVerifyTestingOptions {
  /**
   * The upstream. @default a new one, which answers every call with a match; inject {@link FakeUpstream} to script it
   */
  readonly upstream?: FakeUpstream | undefined;
  /** Name of the instance. @default the one without a name */
  readonly name?: string | undefined;
  /** @default true, so that feature modules can inject it without an import */
  readonly isGlobal?: boolean | undefined;
  /** Other options that the code under test depends on: budget, lifetimes, tenants. */
  readonly options?: Partial<Omit<IdentityVerifyOptions, 'transport'>> | undefined;
}

/**
 * The module for unit tests: the same providers under the same tokens, with a scripted upstream, a clock that only the
 * test moves, and no retries, so that a test never waits.
 */
@Module({})
export class IdentityVerifyTestingModule {
  static forRoot({
    upstream = new FakeUpstream(),
    name,
    isGlobal = true,
    options = {},
  }: IdentityVerifyTestingOptions = {}): DynamicModule {
    return {
      module: IdentityVerifyTestingModule,
      global: isGlobal,
      imports: [
        IdentityVerifyModule.forRoot({
          name,
          isGlobal,
          credentials: { appCode: 'for-unit-tests' },
          baseUrl: 'http://127.0.0.1',
          upstreamIsMock: true,
          pepper: 'a pepper for unit tests, and nothing else',
          retry: { max: 0 },
          clock: new ManualClock(),
          ...defined(options),
          transport: upstream,
        }),
      ],
      providers: [{ provide: FakeUpstream, useValue: upstream }],
      exports: [FakeUpstream, IdentityVerifyModule],
    };
  }
}
