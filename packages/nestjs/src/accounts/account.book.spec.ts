import { DEFAULTS } from '../options/options.defaults.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../testing/manual.clock.js';
import { AccountBook } from './account.book.js';
import { TenantDirectory } from './tenant.directory.js';

const book = (scope: string) =>
  new AccountBook({
    scope,
    credentials: { appCode: 'code' },
    budget: undefined,
    terms: { leaseMs: 1, doubtMs: 1, subjectLimit: undefined },
    tenants: new TenantDirectory(undefined, new ManualClock(), DEFAULTS.tenantCache),
  });

const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
/** One text split at two positions: names that look alike once joined. */
const owners = fc
  .tuple(
    fc.string({ unit: fc.oneof(fc.constantFrom('a', '/', '%', '2', 'F'), printable), minLength: 3, maxLength: 9 }),
    fc.constantFrom('', '/', ':', '%2F'),
    fc.array(fc.nat({ max: 9 }), { minLength: 2, maxLength: 2 }),
  )
  .map(([text, glue, cuts]) =>
    cuts.map((cut) => {
      const instance = text.slice(0, cut);
      const tenant = text.slice(cut);
      if (instance === '' || tenant === '') return { instance: text, tenant: undefined };
      return cut % 2 === 0 ? { instance, tenant } : { instance: `${instance}${glue}${tenant}`, tenant: undefined };
    }),
  );

describe('the scope of an account', () => {
  it('is unique per instance and tenant', () => {
    fc.assert(
      fc.property(owners, (pair) => {
        const scopes = new Set(pair.map(({ instance, tenant }) => book(instance).scopeOf(tenant)));
        const names = new Set(pair.map(({ instance, tenant }) => JSON.stringify([instance, tenant])));
        expect(scopes.size).toBe(names.size);
      }),
      { numRuns: 2_000 },
    );
  });

  it('differs for the tenant `b` of `a` and the instance `a/b`', () => {
    expect(book('a').scopeOf('b')).not.toBe(book('a/b').scopeOf(undefined));
    expect(book('a/b').scopeOf('c')).not.toBe(book('a').scopeOf('b/c'));
  });

  it.each(['', 'two words', 'x'.repeat(129), null, 7])('is refused for the invalid tenant %p', (tenant) => {
    expect(() => book('a').scopeOf(tenant as string)).toThrow(
      expect.objectContaining({ code: 'IDV_TENANT_UNRESOLVED' }),
    );
  });
});
