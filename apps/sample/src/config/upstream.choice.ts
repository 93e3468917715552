import { ENDPOINT } from '@identity-verify/contract';
import type { SampleConfig } from './sample.config.js';

/** The upstream and its credential. */
export interface UpstreamChoice {
  readonly baseUrl: string;
  readonly appCode: string;
  /** True if a call costs real money. */
  readonly live: boolean;
}

const MOCK_URL = 'http://127.0.0.1:1979';
/** The AppCode for the mock. The mock accepts any AppCode and keeps a separate journal for each. */
const MOCK_APP_CODE = 'identity-verify-sample';

/**
 * Selects the vendor if an AppCode is set, else the mock; a setting can override this. The base URL is not considered,
 * because real credentials may go through a proxy on this machine.
 */
export function chooseUpstream(config: Pick<SampleConfig, 'get'>): UpstreamChoice {
  const appCode = config.get('IDENTITY_VERIFY_APP_CODE');
  const live = (config.get('IDENTITY_VERIFY_UPSTREAM') ?? (appCode === undefined ? 'mock' : 'real')) === 'real';
  const baseUrl = config.get('IDENTITY_VERIFY_BASE_URL') ?? (live ? `https://${ENDPOINT.host}` : MOCK_URL);
  return { baseUrl, appCode: appCode ?? MOCK_APP_CODE, live };
}
