import { describe, expect, it } from '@jest/globals';
import { checkOptions, isLoopback } from './mock-options.check.js';
import type { MockServerOptions } from './mock-options.types.js';

const check =
  (options: MockServerOptions, environment = {}) =>
  () =>
    checkOptions(options, environment);

describe('options', () => {
  it('are all optional', () => {
    expect(check({})).not.toThrow();
  });

  it.each([
    [{ port: 65_536 }, /^port must be a whole number from 0 to 65535/],
    [{ port: 1.5 }, /^port/],
    [{ journalSize: 0 }, /^journalSize/],
    [{ journal: 'plain' as never }, /^journal must be one of masked, off, raw/],
    [{ successHeader: ' ' }, /^successHeader must be true, false or a text/],
    [{ successHeader: 'x'.repeat(257) }, /^successHeader/],
    [{ journal: 'raw' as const }, /allowRawJournal/],
    [{ host: '0.0.0.0' }, /adminToken/],
    [{ host: '::' }, /adminToken/],
    [{ appCodes: ['with blank '] }, /^appCodes\[0\]/],
    [{ apps: [{ appKey: 'k', appSecret: '' }] }, /^apps\[0\]/],
    [{ people: [{ name: '某', idCard: '110101199912310018', mobile: '16000020001' }] }, /^people\[0\] is refused/],
  ])('are rejected: %j', (options, message) => {
    expect(check(options)).toThrow(message);
  });

  it('are reported without credentials', () => {
    expect(check({ appCodes: ['my secret'] })).not.toThrow(/my secret/);
    expect(check({ adminToken: 'my secret' })).not.toThrow(/my secret/);
  });

  it('do not start in production unless it is enabled', () => {
    expect(check({}, { NODE_ENV: 'production' })).toThrow(/production/);
    expect(check({ allowProduction: true }, { NODE_ENV: 'production' })).not.toThrow();
  });

  it('allow another address with an admin token', () => {
    expect(check({ host: '0.0.0.0', adminToken: 't' })).not.toThrow();
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['localhost.example', false],
    ['1127.0.0.1', false],
  ])('recognise whether %s is loopback', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
