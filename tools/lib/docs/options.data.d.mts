/** One option of `IdentityVerifyOptions`, as documents show it. */
export interface OptionRow {
  readonly name: string;
  /** Its default, in words or code. */
  readonly standard: Readonly<Record<'en' | 'zh', string>>;
  /** What it does, in English. */
  readonly en: string;
  /** What it does, in Chinese. */
  readonly zh: string;
}

/** Every option, in the order of the documents. */
export const OPTION_ROWS: readonly OptionRow[];
