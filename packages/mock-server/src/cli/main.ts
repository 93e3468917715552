#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { startMockServer } from '../server/mock-server.js';
import { VERSION } from '../version.js';

const port = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return value;
};

new Command('identity-verify-mock')
  .description('Stand-in upstream for three-element identity verification')
  .version(VERSION)
  .option('--port <number>', 'port to listen on; 0 takes a free one', port, 1979)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .action(async (options: { port: number; host: string }) => {
    try {
      const mock = await startMockServer(options);
      console.log(`identity-verify-mock listens on ${mock.url}`);
      const stop = () => void mock.close().then(() => process.exit(0));
      process.once('SIGTERM', stop).once('SIGINT', stop);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      console.error(
        code === 'EADDRINUSE'
          ? `Port ${options.port} is taken. Stop what uses it, or choose another with --port (0 takes a free one).`
          : message,
      );
      process.exitCode = 1;
    }
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
