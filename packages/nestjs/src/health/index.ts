/**
 * The health indicator for `@nestjs/terminus`.
 *
 * @module @identity-verify/nestjs/health
 */

export { IdentityVerifyHealthIndicator } from './identity-verify.health-indicator.js';
