import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { ThrottlerModule } from '@nestjs/throttler';
import { DEFAULT_INSTANCE, IdentityVerifyExceptionFilter, IdentityVerifyModule } from '@identity-verify/nestjs';
import { IdentityVerifyHealthIndicator } from '@identity-verify/nestjs/health';
import { AuditTrail } from './audit/audit.trail.js';
import { SampleConfigModule } from './config/sample-config.module.js';
import { SampleConfig } from './config/sample.config.js';
import type { Settings } from './config/settings.table.js';
import { chooseUpstream } from './config/upstream.choice.js';
import { DatabaseModule } from './database/database.module.js';
import { EnrolmentStore } from './enrolments/enrolment.store.js';
import { EnrolmentsController } from './enrolments/enrolments.controller.js';
import { SubjectIds } from './enrolments/subject-id.js';
import { HealthController } from './health/health.controller.js';
import { identityVerifyOptions, LENDING } from './identity-verify.options.js';
import { LedgerModule, LEDGER } from './ledger/ledger.module.js';
import { LendingController } from './lending/lending.controller.js';
import { AnswerHistory } from './observation/answer.history.js';
import { ObservationModule } from './observation/observation.module.js';
import { VerificationMetrics } from './metrics/verification.metrics.js';
import { MockAdmin } from './playground/mock.admin.js';
import { MockReader } from './playground/mock.reader.js';
import { Playground } from './playground/playground.js';
import { PlaygroundController } from './playground/playground.controller.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { RaceController } from './race/race.controller.js';
import { RaceDesk } from './race/race.desk.js';
import { LastReplies } from './shutdown/last.replies.js';
import { StatusController } from './status/status.controller.js';
import { StatusReader } from './status/status.reader.js';
import { VerificationsController } from './verifications/verifications.controller.js';

const OPTIONS_FROM = {
  imports: [ObservationModule, LedgerModule],
  // Injecting the metrics registers their provider before the module creates its instruments.
  inject: [SampleConfig, LEDGER, AuditTrail, AnswerHistory, VerificationMetrics],
};

/** The root module of the application. */
@Module({})
export class AppModule {
  /** @param settings the validated settings */
  static with(settings: Settings): DynamicModule {
    const { live } = chooseUpstream({ get: (name) => settings[name] });
    return {
      module: AppModule,
      imports: [
        SampleConfigModule.with(settings),
        DatabaseModule,
        ObservationModule,
        IdentityVerifyModule.forRootAsync({ ...OPTIONS_FROM, useFactory: identityVerifyOptions(DEFAULT_INSTANCE) }),
        IdentityVerifyModule.forRootAsync({
          ...OPTIONS_FROM,
          name: LENDING,
          useFactory: identityVerifyOptions(LENDING),
        }),
        ThrottlerModule.forRoot([{ ttl: 60_000, limit: settings.SAMPLE_REQUESTS_PER_MINUTE }]),
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [
        VerificationsController,
        EnrolmentsController,
        LendingController,
        StatusController,
        HealthController,
        RaceController,
        ...playground(live),
      ],
      providers: [
        SubjectIds,
        EnrolmentStore,
        StatusReader,
        IdentityVerifyHealthIndicator,
        ...(live ? [] : [MockAdmin, MockReader, Playground]),
        RaceDesk,
        LastReplies,
        // Nest tries the last filter first: the module's filter for its own errors, then the general one.
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_FILTER, useClass: IdentityVerifyExceptionFilter },
      ],
    };
  }
}

/** The playground is available only without real credentials. */
function playground(live: boolean): Type[] {
  return live ? [] : [PlaygroundController];
}
