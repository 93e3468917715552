import { IdentityVerifyModule, IdentityVerifyService, type IdentityVerifyOptions } from '@identity-verify/nestjs';
import { Test } from '@nestjs/testing';

/** Everything that an application would set in its environment, with no logs. */
export const TEST_PEPPER = 'a pepper for tests that nobody else uses';

/** A running module and the way to end it. */
export interface Client {
  readonly service: IdentityVerifyService;
  close(): Promise<void>;
}

/** Starts the module alone, as an application would import it. */
export async function openClient(options: IdentityVerifyOptions): Promise<Client> {
  const module = await Test.createTestingModule({
    imports: [IdentityVerifyModule.forRoot({ pepper: TEST_PEPPER, ...options })],
  }).compile();
  return { service: module.get(IdentityVerifyService), close: () => module.close() };
}
