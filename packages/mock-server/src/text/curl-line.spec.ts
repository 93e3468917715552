import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { curlLine } from './curl-line.js';

/** Runs a line in a shell in which `curl` prints its arguments. */
function argumentsInShell(line: string): readonly string[] {
  const script = `curl() { printf '%s\\0' "$@"; }; ${line}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

const REQUEST = { url: 'http://127.0.0.1:1979', headers: {}, fields: {} };

describe('curlLine', () => {
  it.each(["it's", "'; id; '", '$(id) `id` "x" \\', 'a b', '', '*', '~', '#x', '{a,b}', '[::1]', 'a\nb', '测试·丙'])(
    'passes a value to curl as it is: %j',
    (value) => {
      const line = curlLine({ ...REQUEST, headers: { 'X-A': value }, fields: { name: value } });
      expect(argumentsInShell(line)).toEqual([
        '-i',
        '-H',
        `X-A: ${value}`,
        '--data-urlencode',
        `name=${value}`,
        REQUEST.url,
      ]);
    },
  );

  it('passes any value to curl as it is', () => {
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(value, (text) => {
        expect(argumentsInShell(curlLine({ ...REQUEST, fields: { name: text } }))[2]).toBe(`name=${text}`);
      }),
      { numRuns: 50 },
    );
  });

  it('does not let a shell expand the brackets of an IPv6 address', () => {
    expect(curlLine({ ...REQUEST, url: 'http://[::1]:1979/x' })).toBe("curl -i 'http://[::1]:1979/x'");
  });

  it('accepts the self-signed certificate of a mock with TLS', () => {
    expect(argumentsInShell(curlLine({ ...REQUEST, url: 'https://127.0.0.1:1' }))).toEqual([
      '-i',
      '-k',
      'https://127.0.0.1:1',
    ]);
  });

  it('leaves a value that needs no quotes without them', () => {
    expect(curlLine({ ...REQUEST, fields: { name: '测试甲' } })).toBe(
      'curl -i --data-urlencode name=测试甲 http://127.0.0.1:1979',
    );
  });
});
