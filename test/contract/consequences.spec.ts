import { TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { CONSEQUENCES as SHIPPED, isIdentityVerifyError, type IdentityVerifyService } from '@identity-verify/nestjs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openClient } from '../support/client.js';
import { GATEWAY_FAMILY_TABLE, GATEWAY_TABLE, VENDOR_ROWS } from './vendor-document.fixture.js';

const [{ name, idCard }, somebodyElse] = TEST_POPULATION;

/** The effects of a reply with the default retries. */
interface Consequence {
  readonly calls: number;
  readonly charged: number;
  /** A repetition of the call: answered from the ledger, asked again, or an error without a call. */
  readonly same: string;
  /** A call about another person. */
  readonly others: string;
}

const ANSWERED: Consequence = { calls: 1, charged: 1, same: 'ledger', others: 'asked' };
const IN_DOUBT: Consequence = { calls: 1, charged: 1, same: 'IDV_IN_DOUBT', others: 'asked' };
const NOTHING: Consequence = { calls: 1, charged: 0, same: 'asked', others: 'asked' };
const LATCHED: Consequence = { calls: 1, charged: 0, same: 'IDV_LATCHED', others: 'IDV_LATCHED' };

/** By outcome or category; written by hand, not derived. */
const CONSEQUENCES: Readonly<Record<string, Consequence>> = {
  match: ANSWERED,
  mismatch: ANSWERED,
  indeterminate: ANSWERED,
  no_record: ANSWERED,
  malformed_request: NOTHING,
  invalid_input: NOTHING,
  authentication: LATCHED,
  authorization: LATCHED,
  quota: LATCHED,
  disabled: LATCHED,
  configuration: LATCHED,
  timeout: IN_DOUBT,
  upstream_failure: IN_DOUBT,
  unclassified: IN_DOUBT,
  busy: { ...NOTHING, calls: 2 },
  rate_limit: { ...NOTHING, calls: 3 },
  same_parameter_limit: { ...NOTHING, same: 'IDV_SAME_PARAMETER_BLOCKED' },
};

/** Rows that differ from the others of their category. */
const EXCEPTIONS: Readonly<Record<string, Consequence>> = {
  '16000040004': { ...NOTHING, calls: 2 }, // Timestamp Expired: signed again once
  '16000040005': { ...NOTHING, calls: 2 }, // Nonce Used: signed again once
  '16000040315': NOTHING, // throttled for the day: not retried
};

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ port: 0 });
});
afterAll(() => mock.close());

/** The result of a further call: `asked` when it reached the upstream. */
async function next(
  service: IdentityVerifyService,
  person: { name: string; idCard: string; mobile: string },
  calls: () => number,
) {
  const before = calls();
  try {
    const { source } = await service.verify(person);
    return source === 'upstream' ? 'asked' : source;
  } catch (error) {
    if (!isIdentityVerifyError(error)) throw error;
    return calls() > before ? 'asked' : error.code;
  }
}

const ROWS = [
  ...VENDOR_ROWS.map(([mobile, code, message, kind]) => ({ mobile, what: `${code} ${message}`, kind })),
  ...[...GATEWAY_TABLE, ...GATEWAY_FAMILY_TABLE].map(([mobile, , message, kind, , , , codes]) => ({
    mobile,
    what: message || codes,
    kind,
  })),
];

describe('the effects of a reply', () => {
  it.each(ROWS)('$mobile $what → $kind', async ({ mobile, kind }) => {
    const expected = EXCEPTIONS[mobile] ?? CONSEQUENCES[kind]!;
    const appCode = `consequences-${mobile}`;
    const calls = () => mock.namespace(appCode).calls();
    const { service, close } = await openClient({
      baseUrl: mock.url,
      credentials: { appCode },
      retry: { baseMs: 1, capMs: 1 },
    });
    try {
      await service.verify({ name, idCard, mobile }).catch(() => undefined);
      expect({ calls: calls(), charged: (await service.spent()).today.calls }).toEqual({
        calls: expected.calls,
        charged: expected.charged,
      });
      expect(await next(service, { name, idCard, mobile }, calls)).toBe(expected.same);
      expect(await next(service, somebodyElse, calls)).toBe(expected.others);
      // The ledger never charges fewer calls than the upstream may have billed.
      const { billed, unknown } = mock.namespace(appCode).cost();
      expect((await service.spent()).today.calls).toBeGreaterThanOrEqual(billed + unknown);
    } finally {
      await close();
    }
  });
});

describe('the input of a caller', () => {
  // What the vendor says about a question, and not about the account or about itself.
  it.each(['invalid_input', 'malformed_request', 'same_parameter_limit'] as const)(
    'no caller can open the circuit or close a latch by his input: %s',
    (category) => {
      const { health, ...consequence } = SHIPPED[category];
      expect(health).not.toBe('ill');
      expect(consequence).not.toHaveProperty('latch');
    },
  );
});
