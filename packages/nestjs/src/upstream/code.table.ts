import {
  NO_STATE,
  RESPONSE_CODES,
  STATES,
  SUCCESS_CODE,
  type AnswerVerdict,
  type ErrorVerdict,
  type Outcome,
  type Verdict,
} from '@identity-verify/contract';

/** A row that replaces or adds a response code. It can never be a match: only 10000 with state 1 is one. */
export type CodeOverride =
  (Omit<AnswerVerdict, 'outcome'> & { readonly outcome: Exclude<Outcome, 'match'> }) | ErrorVerdict;

/** The verdict of each response code, with the option `codes` applied. */
export class CodeTable {
  readonly #verdicts = new Map<string, Verdict>();
  readonly #states = new Map<string, AnswerVerdict>(STATES.map((row) => [row.state, row]));

  /** @param overrides by response code; `10000` cannot be overridden */
  constructor(overrides: Readonly<Record<string, CodeOverride>>) {
    for (const row of RESPONSE_CODES) if (row.kind !== 'by_state') this.#verdicts.set(row.code, row);
    for (const [code, verdict] of Object.entries(overrides)) this.#verdicts.set(code, verdict);
    this.#verdicts.delete(SUCCESS_CODE);
  }

  /** Returns the verdict of a reply; undefined for a code without a row. */
  verdict(code: string, state: string | undefined): Verdict | undefined {
    if (code !== SUCCESS_CODE) return this.#verdicts.get(code);
    return (state === undefined ? undefined : this.#states.get(state)) ?? NO_STATE;
  }
}
