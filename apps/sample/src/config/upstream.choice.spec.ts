import { ENDPOINT } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { identityVerifyOptions } from '../identity-verify.options.js';
import type { AuditTrail } from '../audit/audit.trail.js';
import { AnswerHistory } from '../observation/answer.history.js';
import type { SampleConfig } from './sample.config.js';
import { readSettings } from './settings.table.js';
import { chooseUpstream } from './upstream.choice.js';

const CODE = { IDENTITY_VERIFY_APP_CODE: 'app-code-for-tests' };

function configOf(environment: Record<string, string>): SampleConfig {
  const settings = readSettings(environment);
  return { get: (name: keyof typeof settings) => settings[name] } as SampleConfig;
}

describe('the upstream', () => {
  it('is the mock without an AppCode, and the vendor with one', () => {
    expect(chooseUpstream(configOf({}))).toMatchObject({ baseUrl: 'http://127.0.0.1:1979', live: false });
    expect(chooseUpstream(configOf(CODE))).toMatchObject({ baseUrl: `https://${ENDPOINT.host}`, live: true });
  });

  it.each(['http://127.0.0.1:3128', 'http://localhost:8080', 'http://[::1]:3128', 'https://egress.example'])(
    'costs money with an AppCode, even if calls go through %s',
    (baseUrl) => {
      const config = configOf({ ...CODE, IDENTITY_VERIFY_BASE_URL: baseUrl });
      expect(chooseUpstream(config)).toMatchObject({ baseUrl, live: true });
      expect(identityVerifyOptions('lending')(config, undefined, {} as AuditTrail, new AnswerHistory())).toMatchObject({
        upstreamIsMock: false,
      });
    },
  );

  it('is the mock on any host if IDENTITY_VERIFY_UPSTREAM is mock', () => {
    const mock = { ...CODE, IDENTITY_VERIFY_UPSTREAM: 'mock' };
    expect(chooseUpstream(configOf(mock))).toMatchObject({ baseUrl: 'http://127.0.0.1:1979', live: false });
    const elsewhere = configOf({ ...mock, IDENTITY_VERIFY_BASE_URL: 'https://mock.example' });
    expect(chooseUpstream(elsewhere)).toMatchObject({ baseUrl: 'https://mock.example', live: false });
    expect(identityVerifyOptions('lending')(elsewhere, undefined, {} as AuditTrail, new AnswerHistory())).toMatchObject(
      {
        upstreamIsMock: true,
      },
    );
  });
});
