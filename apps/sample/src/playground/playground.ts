import { Injectable } from '@nestjs/common';
import type { TestPerson } from '@identity-verify/contract';
import { IdentityVerifyService, InjectIdentityVerify, type Person } from '@identity-verify/nestjs';
import { randomInt } from 'node:crypto';
import { LENDING } from '../identity-verify.options.js';
import { AnswerHistory } from '../observation/answer.history.js';
import { FRESH_IDENTITIES, freshIdentity, playgroundIdentities } from './identities.js';
import { MockAdmin } from './mock.admin.js';
import { endTrouble, TROUBLES, type Trouble } from './trouble.table.js';

/**
 * Undoes what test identities and troubles do to this application, with what the module offers for it: `reopen`,
 * `closeCircuit` and `forget`. What was spent stays counted, because money that is spent does not come back.
 */
@Injectable()
export class Playground {
  readonly #instances: readonly IdentityVerifyService[];
  /** The ledger may outlive this process, so the first one is not the same in each. */
  readonly #first = randomInt(FRESH_IDENTITIES);
  #given = 0;

  constructor(
    private readonly mock: MockAdmin,
    private readonly history: AnswerHistory,
    private readonly identityVerify: IdentityVerifyService,
    @InjectIdentityVerify(LENDING) lending: IdentityVerifyService,
  ) {
    this.#instances = [identityVerify, lending];
  }

  /** A synthetic identity that has not been asked about. */
  fresh(): TestPerson {
    return freshIdentity(this.#first + this.#given++);
  }

  /** Starts one trouble of the mock, and ends the others. */
  async start(trouble: Trouble): Promise<void> {
    await endTrouble(this.mock);
    await TROUBLES[trouble].start(this.mock);
  }

  /** Ends every trouble of the mock, and what it left here: closed latches and open circuits. */
  async calm(): Promise<void> {
    await endTrouble(this.mock);
    await this.reopen();
    this.closeCircuits();
  }

  /** Opens the latches. */
  async reopen(): Promise<void> {
    for (const instance of this.#instances) await instance.reopen();
  }

  /** Closes the circuits. */
  closeCircuits(): void {
    for (const instance of this.#instances) instance.closeCircuit();
  }

  /** Erases answers, doubts, blocks and the windows of the subject limit of a person. */
  async forget(person: Person): Promise<void> {
    await this.identityVerify.forget(person); // in all instances
  }

  /** Puts the mock's namespace, latches, circuits, and everything kept for a test identity back to the beginning. */
  async reset(): Promise<void> {
    await this.mock.call('POST', 'reset');
    await this.reopen();
    this.closeCircuits();
    const given = Array.from({ length: Math.min(this.#given, FRESH_IDENTITIES) }, (_, n) =>
      freshIdentity(this.#first + n),
    );
    for (const { idCard, mobile } of [...playgroundIdentities(), ...given]) await this.forget({ idCard, mobile });
    this.history.clear();
  }
}
