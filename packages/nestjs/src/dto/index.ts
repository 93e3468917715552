/**
 * The DTO of an identity and its decorators, for class-validator.
 *
 * @module @identity-verify/nestjs/dto
 */

export { IdentityDto, IsMainlandMobile, IsPersonName, IsResidentIdNumber } from './identity.dto.js';
