import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { IdentityVerifyExceptionFilter, IdentityVerifyModule } from '@identity-verify/nestjs';
import { AppController } from './app.controller.js';

@Module({
  imports: [
    IdentityVerifyModule.forRootAsync({
      useFactory: () => ({
        credentials: { appCode: 'matrix' },
        baseUrl: process.env['UPSTREAM'] ?? 'http://127.0.0.1:9',
        pepper: 'a pepper of the matrix that nobody else uses',
      }),
    }),
  ],
  controllers: [AppController],
  providers: [{ provide: APP_FILTER, useClass: IdentityVerifyExceptionFilter }],
})
export class AppModule {}
