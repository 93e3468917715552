/** A term of the project, in both languages. */
export interface GlossaryTerm {
  readonly en: string;
  readonly zh: string;
  /** One or two sentences in English. */
  readonly meaning: string;
  /** One or two sentences in Chinese. */
  readonly meaningZh: string;
  /** Variants that no English text may contain. */
  readonly forbidden?: readonly string[];
  /** Variants that no Chinese text may contain. */
  readonly forbiddenZh: readonly string[];
  /** Longer texts in which a variant may stand: messages of the vendor, verbatim. */
  readonly exceptZh?: readonly string[];
}

/** Every term. */
export const GLOSSARY: readonly GlossaryTerm[];
