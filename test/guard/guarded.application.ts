import type { ApolloDriverConfig } from '@nestjs/apollo';
import { ApolloDriver } from '@nestjs/apollo';
import {
  IdentityVerifyExceptionFilter,
  IdentityVerifyGuard,
  RequireVerifiedIdentity,
  SkipIdentityVerification,
  VerifiedIdentity,
  type IdentityVerifyOptions,
  type Verification,
} from '@identity-verify/nestjs';
import { FakeUpstream, IdentityVerifyTestingModule, ManualClock } from '@identity-verify/nestjs/testing';
import {
  Body,
  Controller,
  Get,
  Post,
  UseGuards,
  type ExecutionContext,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { Args, Field, GraphQLModule, InputType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';

/** What a handler returns about its verification. */
const tell = (verified: Verification | undefined) => ({ outcome: verified?.outcome ?? 'unverified' });

/** One route for each way to guard it. */
@Controller()
export class GuardedController {
  @RequireVerifiedIdentity()
  @Post('enrolments')
  enrol(@VerifiedIdentity() verified: Verification | undefined, @Body() _body: unknown) {
    return tell(verified);
  }

  @RequireVerifiedIdentity({ outcomes: ['match', 'no_record'] })
  @Post('lenient')
  lenient(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }

  @RequireVerifiedIdentity({ onUnavailable: 'allow' })
  @Post('open')
  open(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }

  @RequireVerifiedIdentity({ instance: 'lending' })
  @Post('loans')
  lend(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }

  @RequireVerifiedIdentity({
    from: (context) => context.switchToHttp().getRequest<{ body: { person: unknown } }>().body.person,
  })
  @Post('nested')
  nested(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }

  @Post('unguarded')
  unguarded(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }
}

/** A class-level guard, with handlers that override it. */
@Controller('class')
@RequireVerifiedIdentity()
export class GuardedClassController {
  @Post('inherits')
  inherits(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }

  @RequireVerifiedIdentity({ outcomes: ['mismatch'] })
  @Post('overrides')
  overrides(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }

  @SkipIdentityVerification()
  @Post('skips')
  skips(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }
}

/** The class skips the guard; one handler does not. */
@Controller('skipped')
@SkipIdentityVerification()
@UseGuards(IdentityVerifyGuard)
export class SkippedController {
  @Get()
  skipped() {
    return {};
  }

  @RequireVerifiedIdentity()
  @Post('required')
  required(@VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }
}

@InputType()
class IdentityInput {
  @Field(() => String) name!: string;
  @Field(() => String) idCard!: string;
  @Field(() => String) mobile!: string;
}

@ObjectType()
class Enrolment {
  @Field(() => String) outcome!: string;
}

const fromArguments = (context: ExecutionContext): unknown =>
  context.getArgs<[unknown, { identity: unknown }]>()[1].identity;

@Resolver()
export class EnrolmentResolver {
  @Query(() => String)
  ready() {
    return 'yes';
  }

  @RequireVerifiedIdentity({ from: fromArguments })
  @Mutation(() => Enrolment)
  enrol(@Args('identity') _identity: IdentityInput, @VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }
}

@Controller()
export class EnrolmentMessages {
  @RequireVerifiedIdentity({ from: (context) => context.switchToRpc().getData<unknown>() })
  @MessagePattern('enrol')
  enrol(@Payload() _identity: unknown, @VerifiedIdentity() verified: Verification | undefined) {
    return tell(verified);
  }
}

export type Platform = 'express' | 'fastify';

export interface GuardedApplication {
  readonly app: INestApplication;
  readonly upstream: FakeUpstream;
  readonly lending: FakeUpstream;
  /** Options of both instances. */
  readonly clock: ManualClock;
}

interface Setup {
  readonly controllers?: Type[];
  readonly filter?: boolean;
  readonly globalGuard?: boolean;
  readonly graphql?: boolean;
  readonly bodyParser?: boolean;
  /** Called before the application is initialised. */
  readonly before?: (app: INestApplication) => unknown;
  readonly options?: Partial<IdentityVerifyOptions>;
}

/** Starts an application on a platform, with a scripted upstream for each of its two instances. */
export async function startApplication(
  platform: Platform,
  {
    controllers = [GuardedController, GuardedClassController, SkippedController],
    filter = true,
    globalGuard = false,
    graphql = false,
    bodyParser = true,
    before = () => undefined,
    options,
  }: Setup = {},
): Promise<GuardedApplication> {
  const [upstream, lending, clock] = [new FakeUpstream(), new FakeUpstream(), new ManualClock()];
  const testing = (name?: string, of = upstream) =>
    IdentityVerifyTestingModule.forRoot({
      upstream: of,
      ...(name && { name }),
      options: { subjectLimit: false, clock, ...options },
    });
  const module = await Test.createTestingModule({
    imports: [
      testing(),
      testing('lending', lending),
      ...(graphql
        ? [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, playground: false })]
        : []),
    ],
    controllers,
    providers: [
      ...(filter ? [{ provide: APP_FILTER, useClass: IdentityVerifyExceptionFilter }] : []),
      ...(globalGuard ? [{ provide: APP_GUARD, useClass: IdentityVerifyGuard }] : []),
      ...(graphql ? [EnrolmentResolver] : []),
    ],
  }).compile();
  const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  const app = module.createNestApplication(adapter, { logger: false, bodyParser });
  before(app);
  await app.init();
  if (platform === 'fastify') await (app as NestFastifyApplication).getHttpAdapter().getInstance().ready();
  return { app, upstream, lending, clock };
}

/** Starts a microservice on a free TCP port. */
export async function startMicroservice(port: number): Promise<GuardedApplication> {
  const { app, ...rest } = await startApplication('express', { controllers: [EnrolmentMessages] });
  app.connectMicroservice(
    { transport: Transport.TCP, options: { host: '127.0.0.1', port } },
    { inheritAppConfig: true },
  );
  await app.startAllMicroservices();
  return { app, ...rest };
}
