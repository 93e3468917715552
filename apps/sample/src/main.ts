import 'reflect-metadata';
import { isIdentityVerifyError } from '@identity-verify/nestjs';
import { SqliteLedgerError } from '@identity-verify/sqlite';
import { SettingsError } from './config/settings.table.js';
import { createSampleApp } from './sample.app.js';

/** Starts the sample. On a failure, prints one sentence without a stack and exits with code 1. */
async function main(): Promise<void> {
  try {
    const { app, settings } = await createSampleApp();
    const { SAMPLE_HOST: host, SAMPLE_PORT: port } = settings;
    await app.listen(port, host);
    // `tools/start.mjs` waits for this line.
    process.stdout.write(`identity-verify-sample listens on ${await app.getUrl()}\n`);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

function explain(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return 'The port is taken. Stop what uses it, or choose another with SAMPLE_PORT (0 takes a free one).';
  }
  if (error instanceof SettingsError || error instanceof SqliteLedgerError || isIdentityVerifyError(error)) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : 'The sample did not start.';
}

void main();
