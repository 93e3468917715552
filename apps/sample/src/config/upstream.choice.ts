import { ENDPOINT } from '@identity-verify/contract';
import type { SampleConfig } from './sample.config.js';

/** Which upstream is asked, and as whom. */
export interface UpstreamChoice {
  readonly baseUrl: string;
  readonly appCode: string;
  /** Whether a call costs real money. */
  readonly live: boolean;
}

const MOCK_URL = 'http://127.0.0.1:1979';
/** What the mock is told: it accepts every AppCode, and keeps a journal for each. */
const MOCK_APP_CODE = 'identity-verify-sample';

/**
 * With an AppCode the vendor is asked, without one the mock, unless a setting says otherwise. The base URL says nothing
 * about it: real credentials may well go out through a proxy on this machine.
 */
export function chooseUpstream(config: Pick<SampleConfig, 'get'>): UpstreamChoice {
  const appCode = config.get('IDENTITY_VERIFY_APP_CODE');
  const live = (config.get('IDENTITY_VERIFY_UPSTREAM') ?? (appCode === undefined ? 'mock' : 'real')) === 'real';
  const baseUrl = config.get('IDENTITY_VERIFY_BASE_URL') ?? (live ? `https://${ENDPOINT.host}` : MOCK_URL);
  return { baseUrl, appCode: appCode ?? MOCK_APP_CODE, live };
}
