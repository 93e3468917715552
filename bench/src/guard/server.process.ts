import { IdentityVerifyModule, RequireVerifiedIdentity } from '@identity-verify/nestjs';
import { Body, Controller, Module, Post, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import 'reflect-metadata';

// A separate process, so that the load does not share its event loop.
const [, , platform, baseUrl = ''] = process.argv;

@Controller()
class BenchController {
  @Post('unguarded')
  unguarded(@Body() body: { name: string }) {
    return { length: body.name.length };
  }

  @RequireVerifiedIdentity()
  @Post('guarded')
  guarded(@Body() body: { name: string }) {
    return { length: body.name.length };
  }
}

@Module({
  imports: [
    IdentityVerifyModule.forRoot({
      baseUrl,
      credentials: { appCode: 'bench' },
      pepper: 'a pepper for benchmarks, nothing else',
    }),
  ],
  controllers: [BenchController],
})
class BenchModule {}

const options: NestApplicationOptions = { logger: ['error'] };
const app =
  platform === 'fastify'
    ? await NestFactory.create(BenchModule, new FastifyAdapter(), options)
    : await NestFactory.create(BenchModule, new ExpressAdapter(), options);
await app.listen(0, '127.0.0.1');
process.send?.(await app.getUrl());
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => process.exit());
