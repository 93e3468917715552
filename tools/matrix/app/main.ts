import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { createAdapter } from './platform.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, createAdapter(), { logger: ['error', 'warn'] });
  // Closed by the end of stdin: after a signal Nest ends the process itself, whatever is still open.
  process.stdin.resume().once('end', () => {
    void app.close().then(() => console.log(`closed; open: ${process.getActiveResourcesInfo().join(' ')}`));
  });
  await app.listen(0, '127.0.0.1');
  console.log(`app listens on ${await app.getUrl()}`);
}

void main();
