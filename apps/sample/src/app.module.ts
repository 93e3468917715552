import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { IdentityVerifyExceptionFilter, IdentityVerifyModule } from '@identity-verify/nestjs';
import { SampleConfigModule } from './config/sample-config.module.js';
import { SampleConfig } from './config/sample.config.js';
import type { Settings } from './config/settings.table.js';
import { EnrolmentsController } from './enrolments/enrolments.controller.js';
import { identityVerifyOptions } from './identity-verify.options.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { VerificationsController } from './verifications/verifications.controller.js';

/** The application. */
@Module({})
export class AppModule {
  /** @param settings checked settings */
  static with(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SampleConfigModule.with(settings),
        IdentityVerifyModule.forRootAsync({ inject: [SampleConfig], useFactory: identityVerifyOptions }),
      ],
      controllers: [VerificationsController, EnrolmentsController],
      providers: [
        // The last one is asked first: errors of the module have their own filter, everything else falls to ours.
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_FILTER, useClass: IdentityVerifyExceptionFilter },
      ],
    };
  }
}
