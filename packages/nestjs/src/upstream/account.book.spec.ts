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
    tenants: new TenantDirectory(undefined, new ManualClock()),
  });

/** Names made of what an encoding could confuse, and of anything else. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '/', ':', '%', '2', 'F', '1'), minLength: 1, maxLength: 8 }),
  fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), minLength: 1 }),
);
const owner = fc.record({ instance: name, tenant: fc.option(name, { nil: undefined }) });

describe('the scope of an account', () => {
  it('is never shared by two instances or tenants', () => {
    fc.assert(
      fc.property(owner, owner, (one, other) => {
        const same = one.instance === other.instance && one.tenant === other.tenant;
        const scopes = [one, other].map(({ instance, tenant }) => book(instance).scopeOf(tenant));
        expect(scopes[0] === scopes[1]).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it('differs for the tenant `b` of `a` and the instance `a/b`', () => {
    expect(book('a').scopeOf('b')).not.toBe(book('a/b').scopeOf(undefined));
    expect(book('a/b').scopeOf('c')).not.toBe(book('a').scopeOf('b/c'));
  });

  it.each(['', 'two words', 'x'.repeat(129), null, 7])('is not made for %p, which names no tenant', (tenant) => {
    expect(() => book('a').scopeOf(tenant as string)).toThrow(
      expect.objectContaining({ code: 'IDV_TENANT_UNRESOLVED' }),
    );
  });
});
