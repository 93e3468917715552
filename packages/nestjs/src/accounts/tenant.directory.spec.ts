/* oxlint-disable unicorn/no-thenable -- some tests use thenables that are not promises */
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { TenantDirectory, type TenantResolver } from './tenant.directory.js';

const credentials = { appCode: 'code-of-a-tenant' };
const boom = () => {
  throw new Error('SECRET');
};
/** A resolver that returns an account of any type. */
const returning = (account: unknown): TenantResolver => (() => account) as TenantResolver;
const open = (resolver: TenantResolver | undefined, clock = new ManualClock()) => ({
  clock,
  directory: new TenantDirectory(resolver, clock, { max: 1_000, ttlMs: 1_000 }),
});
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe('an account', () => {
  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'there is no such tenant'],
    ['null', null, 'there is no such tenant'],
    ['false', false, 'the account must be an object'],
    ['a string', 'SECRET', 'the account must be an object'],
    ['a list', [{ credentials }], 'the account must be an object'],
    ['a Map', new Map([['credentials', credentials]]), 'the account must be an object'],
    ['a function', () => ({ credentials }), 'the account must be an object'],
    ['nothing', {}, 'credentials must be one of'],
    ['credentials alone', credentials, 'appCode is not an option; the options are credentials, budget'],
    ['has no address of its own', { credentials, baseUrl: 'https://evil.example' }, 'baseUrl is not an option'],
    ['an unknown part', { credentials, budgets: {} }, 'budgets is not an option; the options are credentials, budget'],
    ['a part that may be a secret', { credentials, 'SECRET-1': 1 }, 'the account has a property that is not an option'],
    ['a getter that throws', Object.defineProperty({}, 'credentials', { enumerable: true, get: boom }), 'credentials'],
    ['a proxy that throws', new Proxy({}, { ownKeys: boom }), 'the account cannot be read'],
    ['credentials in a list', { credentials: ['SECRET'] }, 'credentials must be an object'],
    ['credentials as a string', { credentials: 'SECRET' }, 'credentials must be an object'],
    ['credentials of two kinds', { credentials: { appCode: 'a', key: 'b' } }, 'credentials must be one of'],
    ['half a key', { credentials: { appKey: 'SECRET' } }, 'credentials must be one of'],
    ['a misspelt kind', { credentials: { appcode: 'SECRET' } }, 'credentials must be one of'],
    ['a secret with a line break', { credentials: { appCode: 'SECRET\r\n' } }, 'credentials.appCode must be'],
    ['a promise of a secret', { credentials: { key: Promise.resolve('SECRET') } }, 'credentials.key must be'],
    [
      'a secret that throws',
      { credentials: Object.defineProperty({}, 'key', { enumerable: true, get: boom }) },
      '.key',
    ],
    ['a budget that is null', { credentials, budget: null }, 'budget must be an object'],
    ['a budget that is a number', { credentials, budget: 5 }, 'budget must be an object'],
    ['a budget in a list', { credentials, budget: [5] }, 'budget must be an object'],
    ['a budget in a Map', { credentials, budget: new Map([['callsPerDay', 5]]) }, 'budget must be an object'],
    ['a promise of a budget', { credentials, budget: Promise.resolve({}) }, 'budget must be an object'],
    [
      'a misspelt limit',
      { credentials, budget: { callPerDay: 5 } },
      'budget.callPerDay is not an option; the options are',
    ],
    ['__proto__', { credentials, budget: JSON.parse('{"__proto__":{}}') as object }, 'budget.__proto__ is not an'],
    ['NaN', { credentials, budget: { callsPerDay: NaN } }, 'budget.callsPerDay must be a whole number from 0'],
    ['Infinity', { credentials, budget: { callsPerDay: Infinity } }, 'budget.callsPerDay must be'],
    ['a negative limit', { credentials, budget: { callsPerMonth: -1 } }, 'budget.callsPerMonth must be'],
    ['a fraction', { credentials, budget: { callsPerDay: 0.5 } }, 'budget.callsPerDay must be'],
    ['a number in words', { credentials, budget: { callsPerDay: '1,000' } }, 'budget.callsPerDay must be'],
    ['a numeric string', { credentials, budget: { callsPerDay: '5' } }, 'budget.callsPerDay must be'],
    ['a bigint', { credentials, budget: { callsPerDay: 5n } }, 'budget.callsPerDay must be'],
    ['a boxed number', { credentials, budget: { callsPerDay: Object(5) as number } }, 'budget.callsPerDay must be'],
    ['a limit that is null', { credentials, budget: { callsPerDay: null } }, 'budget.callsPerDay must be'],
    [
      'an inherited limit',
      { credentials, budget: Object.create({ callsPerDay: NaN }) as object },
      'budget.callsPerDay',
    ],
    [
      'a limit that throws',
      { credentials, budget: Object.defineProperty({}, 'callsPerDay', { enumerable: true, get: boom }) },
      'budget.callsPerDay cannot be read',
    ],
  ])('is refused when it is %s, with path and rule but without the value', async (_title, account, expected) => {
    const message = await messageOf(open(returning(account)).directory.resolve('a', 100));
    expect(message).toMatch(/^IDV_TENANT_UNRESOLVED: /);
    expect(message).toContain(expected);
    expect(message).not.toContain('SECRET');
  });

  it.each([
    { credentials },
    { credentials, budget: undefined },
    { credentials: { appKey: 'k', appSecret: () => 's', key: undefined } },
    { credentials, budget: { callsPerDay: 0, callsPerMonth: 1e9 } },
  ])('is accepted as %j', async (account) => {
    const { budget } = await open(returning(account)).directory.resolve('a', 100);
    expect(budget).toEqual(account.budget);
  });

  it('falls back to the budget of the instance when its own sets no limit', async () => {
    for (const budget of [{}, { callsPerDay: undefined }]) {
      expect((await open(returning({ credentials, budget })).directory.resolve('a', 100)).budget).toBeUndefined();
    }
  });

  it('is copied, so later changes by the application have no effect', async () => {
    const account = { credentials: { appCode: 'first' }, budget: { callsPerDay: 5 } };
    const resolved = await open(returning(account)).directory.resolve('a', 100);
    account.credentials.appCode = 'second';
    account.budget.callsPerDay = NaN;
    expect(resolved.budget).toEqual({ callsPerDay: 5 });
    expect(Object.isFrozen(resolved.budget)).toBe(true);
    const secrets = await resolved.credentials.resolve();
    expect(secrets.kind === 'app_code' && secrets.appCode.open()).toBe('first');
  });

  it('may come from a thenable, and so may a secret', async () => {
    const thenable = <T>(value: T) =>
      ({ then: (done: (value: T) => void) => [done(value), done(value)] }) as unknown as PromiseLike<T>;
    const account = { credentials: { appCode: () => thenable('later') } };
    const { credentials: source } = await open(returning(thenable(account))).directory.resolve('a', 100);
    const secrets = await source.resolve();
    expect(secrets.kind === 'app_code' && secrets.appCode.open()).toBe('later');
  });

  it.each<[string, unknown]>([
    ['throws', { then: boom }],
    ['rejects', { then: (_done: unknown, fail: (error: unknown) => void) => fail('SECRET') }],
    ['has a `then` that cannot be read', Object.defineProperty({}, 'then', { get: boom })],
  ])('is refused when a thenable %s', async (_title, thenable) => {
    const message = await messageOf(open(returning(thenable)).directory.resolve('a', 100));
    expect(message).toContain(
      'IDV_TENANT_UNRESOLVED: The account of the tenant could not be resolved (the function failed)',
    );
    expect(message).not.toContain('SECRET');
  });
});

describe('the name of a tenant', () => {
  it.each([undefined, null, 7, {}, ['a'], '', ' ', 'two words', 'line\nbreak', 'nord·ost', 'x'.repeat(129)])(
    'is refused without a call of the function: %p',
    async (tenant) => {
      let asked = 0;
      const { directory } = open(() => void asked++);
      expect(await messageOf(directory.resolve(tenant as string, 100))).toContain(
        '1 to 128 printable ASCII characters',
      );
      expect(asked).toBe(0);
    },
  );
});

describe('a pending account', () => {
  it('delays no caller beyond its deadline, and the next caller calls the function again', async () => {
    const answers: ((account: { credentials: typeof credentials }) => void)[] = [];
    const { directory, clock } = open(() => new Promise((resolve) => answers.push(resolve)));
    const first = messageOf(directory.resolve('a', 100));
    const second = messageOf(directory.resolve('a', 150));
    await clock.advance(100);
    expect(await first).toContain('IDV_TENANT_UNRESOLVED');
    expect(await first).toContain('no answer within 100 ms');
    const third = messageOf(directory.resolve('a', 100));
    expect(answers).toHaveLength(2);
    await clock.advance(50);
    expect(await second).toContain('no answer within 150 ms');
    // The second call is not dropped with the first, dead promise.
    const fourth = messageOf(directory.resolve('a', 100));
    expect(answers).toHaveLength(2);
    answers[1]!({ credentials });
    expect(await Promise.all([third, fourth])).toEqual(['resolved', 'resolved']);
    expect(clock.pending).toBe(0);
    // A late result of the dead promise replaces nothing.
    answers[0]!({ credentials: { appCode: 'late' } });
    await clock.advance(0);
    const resolved = await directory.resolve('a', 100);
    const secrets = await resolved.credentials.resolve();
    expect(secrets.kind === 'app_code' && secrets.appCode.open()).toBe(credentials.appCode);
  });

  it('is shared, and is cached from its arrival', async () => {
    const answers: ((account: { credentials: typeof credentials }) => void)[] = [];
    const { directory, clock } = open(() => new Promise((resolve) => answers.push(resolve)));
    const early = directory.resolve('a', 5_000);
    await clock.advance(2_000);
    const late = directory.resolve('a', 5_000);
    answers[0]!({ credentials });
    expect(await early).toBe(await late);
    await clock.advance(999);
    await directory.resolve('a', 5_000);
    expect(answers).toHaveLength(1);
    await clock.advance(1);
    void directory.resolve('a', 5_000);
    expect(answers).toHaveLength(2);
  });

  it('is not cached when it fails', async () => {
    let asked = 0;
    const { directory } = open(() => {
      asked++;
      return Promise.reject(new Error('down'));
    });
    await messageOf(directory.resolve('a', 100));
    await messageOf(directory.resolve('a', 100));
    expect(asked).toBe(2);
  });

  it('needs no timer when it is already cached', async () => {
    const { directory, clock } = open(returning({ credentials }));
    await directory.resolve('a', 100);
    const kept = directory.resolve('a', 100);
    expect(clock.pending).toBe(0);
    await kept;
  });
});
