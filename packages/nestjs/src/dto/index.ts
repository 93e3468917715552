export { IdentityDto, IsMainlandMobile, IsPersonName, IsResidentIdNumber } from './identity.dto.js';
