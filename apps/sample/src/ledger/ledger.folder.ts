import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Creates the folder of a file, accessible only to its owner. */
export function createFolder(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
}

/**
 * Reads the pepper from a file, and creates the file if it does not exist. In production, store the pepper with the
 * other secrets: with both pepper and ledger, people can be identified.
 */
export function readPepper(file: string): string {
  try {
    // With `wx`, only one of two concurrent processes writes, and both read the same value.
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
