import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import {
  IdentityDeniedException,
  MemoryLedger,
  type AuditEntry,
  type Identity,
  type Verification,
} from '@identity-verify/nestjs';
import { expect } from '@jest/globals';
import { HttpException, type LoggerService } from '@nestjs/common';
import { inspect } from 'node:util';
import { ClientProcess, LAST_STAGE, ownerOf, SECRETS, type Asking, type WorldOptions } from './client.process.js';
import { DEADLINE_MS, JournalOracle, questionName } from './journal.oracle.js';
import { identityOf, SCOPES, SPELLINGS, type Setting, type Scope, type Step } from './schedule.steps.js';
import { WireClock, type WireWatch } from './wire.clock.js';

/** Begin of a month in Shanghai, so that the month's count is that of the whole schedule. */
const BEGIN = Date.UTC(2025, 11, 31, 16);
/** The mock replies to nobody who waits for it to stop; its connections are closed at once. */
const AT_ONCE = { graceMs: 0 };

/** Two processes of an application on one ledger, and a mock upstream that they call over HTTP. */
export class MockWorld {
  readonly #oracle = new JournalOracle();
  readonly #wire: WireWatch;
  readonly #clock: WireClock;
  readonly #ledger: MemoryLedger;
  readonly #setting: Setting;
  readonly #port: number;
  readonly #waits: Promise<void>[] = [];
  readonly #callers: (() => void)[] = [];
  readonly #clients: ClientProcess[] = [];
  /** Questions of each account that ended in doubt, as the audit trail has them. */
  readonly #doubts = new Map<Scope, number>();
  readonly #heard: string[] = [];
  readonly #violations: unknown[] = [];
  readonly #people = new Set<string>();
  #mock: MockServer | undefined;

  private constructor(wire: WireWatch, setting: Setting, port: number) {
    this.#wire = wire;
    this.#setting = setting;
    this.#port = port;
    this.#clock = new WireClock(wire, BEGIN);
    this.#ledger = new MemoryLedger({ clock: this.#clock });
  }

  static async open(wire: WireWatch, setting: Setting, port: number): Promise<MockWorld> {
    const world = new MockWorld(wire, setting, port);
    await world.#startMock();
    for (const client of [0, 1]) world.#clients[client] = await world.#startClient(setting.stage);
    return world;
  }

  async #startMock(): Promise<void> {
    const scopes = new Map<string, Scope>();
    const mock = await startMockServer({
      ...this.#setting.dialect,
      port: this.#port,
      // The test identities are nobody's, and the oracle must know who was asked about.
      journal: 'raw',
      allowRawJournal: true,
      now: this.#clock.now,
      setTimer: this.#clock.schedule,
      onEntry: (entry, namespaceId) => {
        this.#wire.progress();
        this.#oracle.arrived(scopes.get(namespaceId)!, entry);
      },
    });
    for (const scope of SCOPES) scopes.set(mock.namespace(ownerOf(scope)).id, scope);
    this.#mock = mock;
  }

  #startClient(stage: number): Promise<ClientProcess> {
    const options: WorldOptions = {
      clock: this.#clock,
      ledger: this.#ledger,
      budget: this.#setting.budget,
      baseUrl: `http://127.0.0.1:${this.#port}`,
      audit: (entry) => this.#audited(entry),
      onEvent: (event) => this.#hear(event),
    };
    const log = (...lines: unknown[]) => this.#hear(lines);
    const logger: LoggerService = { log, error: log, warn: log, debug: log, verbose: log, fatal: log };
    return ClientProcess.start(options, stage, logger);
  }

  #audited(entry: AuditEntry): void {
    this.#hear(entry);
    if (entry.type !== 'failed' || entry.billed === 'no') return;
    const scope = (entry.tenant ?? 'own') as Scope;
    this.#doubts.set(scope, this.#doubtsOf(scope) + 1);
  }

  #doubtsOf(scope: Scope): number {
    return this.#doubts.get(scope) ?? 0;
  }

  /** Everything that leaves the module other than to the upstream, as text. */
  #hear(said: unknown): void {
    this.#heard.push(inspect(said, { depth: 8, showHidden: true }), JSON.stringify(said) ?? '');
  }

  async play(step: Step): Promise<void> {
    if (step.do === 'verify') this.#verify(step);
    else if (step.do === 'wait') await this.#clock.advance(step.ms);
    else if (step.do === 'cancel') this.#callers.at(-1 - step.which)?.();
    else if (step.do === 'restart') await this.#restart(step.staysDown);
    else if (step.do === 'rotate') await this.#rotate(step.client);
    else if (step.do === 'forget') await this.#forget(step.client, identityOf(step.question));
    else if (step.do === 'reopen')
      await this.#clients[step.client]!.service.reopen(step.scope === 'own' ? {} : { tenant: step.scope });
    else if (step.do === 'quota') this.#mock?.namespace(ownerOf(step.scope)).setQuota({ callsLeft: step.callsLeft });
    else this.#mock?.namespace(ownerOf(step.scope)).enqueue({ scenario: step.scenario, latencyMs: step.latencyMs });
    await this.#wire.quiet();
    await this.#check();
  }

  #verify({ client, scope, question, spelling, fresh, insist, guarded }: Extract<Step, { do: 'verify' }>): void {
    const identity = identityOf(question);
    for (const text of Object.values(identity)) this.#people.add(text);
    const name = questionName(scope, identity);
    const asking: Asking = { scope, fresh, insist };
    const begun = this.#clock.now();
    const until = begun + DEADLINE_MS;
    const reasons = [
      ...(fresh ? [this.#oracle.excuse(name, { kind: 'fresh', from: begun, until })] : []),
      ...(insist ? [this.#oracle.excuse(name, { kind: 'insist', from: begun, until })] : []),
    ];
    const unseen = (latest: number) => this.#oracle.excuse(name, { kind: 'unseen', from: begun, until: latest });
    const caller = new AbortController();
    const ended = () => {
      this.#wire.progress();
      expect(this.#clock.now()).toBeLessThanOrEqual(until);
      // The call of a caller who left goes on.
      if (!caller.signal.aborted) for (const reason of reasons) reason.until = this.#clock.now();
    };
    const answered = (verification: Verification) => {
      this.#hear(verification);
      this.#oracle.checkAnswer(name, verification, begun, fresh);
    };
    const failed = (error: unknown) => {
      this.#hear(error);
      this.#hear((error as Error).stack);
      // The guard answers with an HTTP status, the service with an error of its own; nothing else may come.
      const { code } = error as { code?: unknown };
      expect(guarded ? error instanceof HttpException : String(code).startsWith('IDV_')).toBe(true);
      // The guard does not tell what the answer was.
      if (error instanceof IdentityDeniedException) unseen(this.#clock.now());
    };
    const process = this.#clients[client]!;
    const typed = SPELLINGS[spelling]!(identity);
    const asked = guarded
      ? process.enter(typed, asking).then((entered) => {
          expect(entered.outcome).toBe('match');
          expect(questionName(scope, entered)).toBe(name);
          return entered;
        })
      : process.verify(typed, asking, caller.signal);
    const leave = () => {
      unseen(until);
      caller.abort();
    };
    if (!guarded) this.#callers.push(leave);
    this.#waits.push(
      asked
        .then(answered, failed)
        .finally(ended)
        .catch((violation: unknown) => void this.#violations.push(violation)),
    );
  }

  async #restart(staysDown: boolean): Promise<void> {
    await this.#mock?.close(AT_ONCE);
    const wasUp = this.#mock !== undefined;
    this.#mock = undefined;
    if (!wasUp || !staysDown) await this.#startMock();
  }

  /** Starts a process anew with the next list of peppers, unless the other one is behind. */
  async #rotate(client: number): Promise<void> {
    const stage = this.#clients[client]!.stage;
    if (stage === LAST_STAGE || stage > this.#clients[1 - client]!.stage) return;
    await this.#close(this.#clients[client]!);
    this.#clients[client] = await this.#startClient(stage + 1);
  }

  async #close(client: ClientProcess): Promise<void> {
    // The drain of a shutdown goes by the clock as well, and is over shortly after the deadline.
    await Promise.all([client.close(), this.#clock.advance(2 * DEADLINE_MS)]);
  }

  async #forget(client: number, { idCard }: Identity): Promise<void> {
    const now = this.#clock.now();
    this.#oracle.forget(idCard, now);
    const { service } = this.#clients[client]!;
    await service.forget({ idCard });
  }

  async #check(): Promise<void> {
    if (this.#violations.length > 0) throw this.#violations[0];
    this.#oracle.checkPaidOnce();
    const { callsPerDay = Infinity, callsPerMonth = Infinity } = this.#setting.budget;
    for (const scope of SCOPES) {
      const { today, thisMonth } = await this.#clients[0]!.spent(scope);
      expect(this.#oracle.billed(scope)).toBeLessThanOrEqual(thisMonth.calls);
      expect(today.calls).toBeLessThanOrEqual(callsPerDay);
      expect(thisMonth.calls).toBeLessThanOrEqual(callsPerMonth);
    }
  }

  /** Ends everything, and checks what can be known only then. */
  async finish(): Promise<void> {
    await this.#clock.advance(DEADLINE_MS);
    await Promise.all(this.#waits);
    await this.#check();
    for (const scope of SCOPES) {
      const { thisMonth } = await this.#clients[0]!.spent(scope);
      // Equal unless something is in doubt; then more by no more than what is.
      expect(thisMonth.calls - this.#oracle.billed(scope)).toBeLessThanOrEqual(this.#doubtsOf(scope));
    }
    const secrets = [...this.#people, ...SECRETS].flatMap((text) => [text, encodeURIComponent(text)]);
    const heard = this.#heard.join('\n');
    expect(secrets.filter((text) => heard.includes(text))).toEqual([]);
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await this.#close(client);
    await this.#mock?.close(AT_ONCE);
  }
}
