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

/** One variable switches: with an AppCode the vendor is asked, without one the mock. */
export function chooseUpstream(config: Pick<SampleConfig, 'get'>): UpstreamChoice {
  const appCode = config.get('IDENTITY_VERIFY_APP_CODE');
  const baseUrl =
    config.get('IDENTITY_VERIFY_BASE_URL') ?? (appCode === undefined ? MOCK_URL : `https://${ENDPOINT.host}`);
  return { baseUrl, appCode: appCode ?? MOCK_APP_CODE, live: !isLoopback(baseUrl) };
}

function isLoopback(baseUrl: string): boolean {
  return /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(new URL(baseUrl).hostname);
}
