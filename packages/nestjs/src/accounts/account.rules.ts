import type { CallBudget } from '../ledger/ledger.port.js';
import { brokenCredential, CREDENTIAL_PARTS, type Credentials } from './credentials.js';
import { readGroup, readOnce, type Refuse } from '../support/value.reader.js';
import { integer, type Rules } from '../support/value.rules.js';

/** The limits of a budget, of an instance and of a tenant alike. */
export const BUDGET_LIMITS: Rules<CallBudget> = { callsPerDay: integer(0, 1e9), callsPerMonth: integer(0, 1e9) };

/** Reads and checks credentials. */
export function readCredentials(path: string, value: unknown, refuse: Refuse): Credentials {
  const kinds = 'must be one of { appCode }, { appKey, appSecret } and { key }';
  if (value === undefined) throw refuse(path, kinds);
  const given = Object.freeze(readOnce(path, value, CREDENTIAL_PARTS, refuse));
  const broken = brokenCredential(given);
  if (broken === '') throw refuse(path, kinds);
  if (broken !== undefined) {
    throw refuse(
      `${path}.${broken}`,
      'must be 1 to 512 printable ASCII characters without white space, or a function that returns them',
    );
  }
  return given as Credentials;
}

/** Reads and checks a budget without a price, as a tenant has one. */
export function readLimits(path: string, value: unknown, refuse: Refuse): CallBudget {
  return readGroup(path, value, BUDGET_LIMITS, refuse);
}
