import { MAX_LATENCY_MS } from '../namespace/settings.check.js';
import { choice, object, text, whole } from './json-schema.js';

// The parts that several schemas use.

export const billed = choice('Whether the vendor charges for the call. Count `unknown` as charged.', [
  'yes',
  'no',
  'unknown',
]);

export const latencyMs = whole('Delay before the reply, in milliseconds.', 0, MAX_LATENCY_MS);

/** The personal fields, all optional. */
export const someFields = (note: string) => ({
  'name?': text(`Name, ${note}.`, { maxLength: 200 }),
  'idCard?': text(`ID number, ${note}.`, { maxLength: 64 }),
  'mobile?': text(`Mobile, ${note}.`, { maxLength: 64 }),
});

/** The personal fields, all required. */
export const allFields = (description: string) =>
  object(description, { name: text('Name.'), idCard: text('ID number.'), mobile: text('Mobile.') });
