import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { AppModule } from './app.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  app.useWebSocketAdapter(process.env['SOCKETS'] === 'ws' ? new WsAdapter(app) : new IoAdapter(app));
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  console.log(`app listens on ${await app.getUrl()}`);
}

void main();
