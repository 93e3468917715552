import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { WireFailure } from './transport.port.js';

describe('WireFailure', () => {
  it.each(['ECONNRESET', 'E2BIG', 'ERR_HTTP2_ERROR', 'HPE_INVALID_CONSTANT', 'CERT_HAS_EXPIRED'])(
    'keeps %s',
    (code) => {
      const failure = new WireFailure('connection_lost', 'sent', code);
      expect([failure.systemCode, failure.message]).toEqual([code, `connection_lost (sent, ${code})`]);
    },
  );

  it.each([
    '16000020001',
    'E16000020001',
    '31010119000101002X',
    '测试甲',
    'not a code',
    'econnreset',
    '',
    'E'.repeat(41),
  ])('omits %j, which is not a code', (code) => {
    const failure = new WireFailure('connection_lost', 'sent', code);
    expect(failure.message).toBe('connection_lost (sent)');
    expect(Object.keys(failure)).not.toContain('systemCode');
    if (code !== '') expect(inspect(failure, { showHidden: true })).not.toContain(code);
  });
});
