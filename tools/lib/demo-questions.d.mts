import type { TestPerson } from '@identity-verify/contract';

export function demoQuestions(): readonly {
  readonly identity: TestPerson;
  readonly description: string;
  readonly expected: object;
}[];
