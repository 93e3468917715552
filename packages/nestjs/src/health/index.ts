export { IdentityVerifyHealthIndicator } from './identity-verify.health-indicator.js';
