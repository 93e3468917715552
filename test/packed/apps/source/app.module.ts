import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { IdentityVerifyExceptionFilter, IdentityVerifyModule } from '@identity-verify/nestjs';
import { AppController } from './app.controller.js';
import { AppGateway } from './app.gateway.js';
import { openLedger } from './app.ledger.js';

@Module({
  imports: [
    IdentityVerifyModule.forRootAsync({
      useFactory: () => ({
        credentials: { appCode: 'packed-app' },
        baseUrl: process.env['UPSTREAM'] ?? '',
        pepper: 'a pepper of the packed application',
        ledger: openLedger(),
        ledgerTimeoutMs: 2_000, // for machines that are busy
      }),
    }),
    IdentityVerifyModule.forRoot({
      name: 'lending',
      credentials: { appCode: 'packed-lending' },
      baseUrl: process.env['UPSTREAM'] ?? 'http://127.0.0.1:9',
    }),
  ],
  controllers: [AppController],
  providers: [AppGateway, { provide: APP_FILTER, useClass: IdentityVerifyExceptionFilter }],
})
export class AppModule {}
