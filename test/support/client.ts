import { IdentityVerifyModule, IdentityVerifyService, type IdentityVerifyOptions } from '@identity-verify/nestjs';
import { Test } from '@nestjs/testing';

/** The pepper of every module that a test opens. */
export const TEST_PEPPER = 'a pepper for tests that nobody else uses';

/** A running module, with its close function. */
export interface Client {
  readonly service: IdentityVerifyService;
  close(): Promise<void>;
}

/** Starts the module alone, as an application imports it. */
export async function openClient(options: IdentityVerifyOptions): Promise<Client> {
  const module = await Test.createTestingModule({
    imports: [IdentityVerifyModule.forRoot({ pepper: TEST_PEPPER, ...options })],
  }).compile();
  return { service: module.get(IdentityVerifyService), close: () => module.close() };
}
