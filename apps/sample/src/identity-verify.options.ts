import type { IdentityVerifyOptions } from '@identity-verify/nestjs';
import type { SampleConfig } from './config/sample.config.js';
import { chooseUpstream } from './config/upstream.choice.js';

/** The options of the module, from the settings. */
export function identityVerifyOptions(config: SampleConfig): IdentityVerifyOptions {
  const { baseUrl, appCode } = chooseUpstream(config);
  const pepper = config.get('IDENTITY_VERIFY_PEPPER');
  const deadlineMs = config.get('IDENTITY_VERIFY_DEADLINE_MS');
  return {
    credentials: { appCode },
    baseUrl,
    deadlineMs,
    budget: {
      callsPerDay: config.get('IDENTITY_VERIFY_CALLS_PER_DAY'),
      fenPerCall: config.get('IDENTITY_VERIFY_FEN_PER_CALL'),
    },
    ...(pepper !== undefined && { pepper }),
  };
}
