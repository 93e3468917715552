/**
 * The groups of `pnpm mutate`: what is mutated, which tests have to notice, and the least share of mutants that they
 * must kill. Each group is one run, so that a group can be repeated alone.
 */
const nestjs = 'packages/nestjs/src';
const mock = 'packages/mock-server/src';

/** @type {Record<string, { mutate: string[], tests: string[], atLeast: number }>} */
export const GROUPS = {
  decoder: {
    mutate: [
      `${nestjs}/upstream/reply.decoder.ts`,
      `${nestjs}/upstream/code.table.ts`,
      `${nestjs}/upstream/reply.ids.ts`,
      `${nestjs}/upstream/recent.replies.ts`,
    ],
    tests: [`${nestjs}/upstream/reply.*`, `${nestjs}/upstream/recent*`, `${nestjs}/upstream/gateway*`],
    atLeast: 95,
  },
  parser: {
    mutate: ['packages/contract/src/reply.parser.ts', 'packages/contract/src/strict-json.parser.ts'],
    tests: ['packages/contract/src/*parser*'],
    atLeast: 95,
  },
  guard: {
    mutate: [
      `${nestjs}/identity-verify.guard.ts`,
      `${nestjs}/identity-verify.exceptions.ts`,
      `${nestjs}/identity-verify.metadata.ts`,
      `${nestjs}/verified.requests.ts`,
      `${nestjs}/unread.body.ts`,
    ],
    tests: [`${nestjs}/identity-verify.guard*`, `${nestjs}/verified*`, 'test/guard/*'],
    atLeast: 95,
  },
  ledger: {
    mutate: [`${nestjs}/ledger/*.ts`, `!${nestjs}/ledger/*.spec.ts`, `!${nestjs}/ledger/ledger.port.ts`],
    tests: [`${nestjs}/ledger/*`],
    atLeast: 95,
  },
  gateway: {
    mutate: [`${nestjs}/upstream/gateway.recogniser.ts`],
    tests: [`${nestjs}/upstream/gateway*`],
    atLeast: 90,
  },
  consequences: {
    mutate: [`${nestjs}/errors/consequences.data.ts`, `${nestjs}/verification/settlement.policy.ts`],
    tests: [`${nestjs}/upstream/re*`, `${nestjs}/verification/verification.engine*`, 'test/contract/*'],
    atLeast: 90,
  },
  engine: {
    mutate: [
      `${nestjs}/verification/*.ts`,
      `!${nestjs}/verification/*.spec.ts`,
      `!${nestjs}/verification/settlement.policy.ts`,
      `!${nestjs}/verification/verification.types.ts`,
    ],
    tests: [`${nestjs}/verification/*`, `${nestjs}/identity-verify.service*`],
    atLeast: 90,
  },
  identity: {
    mutate: [`${nestjs}/identity/*.ts`, `!${nestjs}/identity/*.spec.ts`],
    tests: [`${nestjs}/identity/*`],
    atLeast: 90,
  },
  'mock-authentication': {
    mutate: [`${mock}/auth/*.ts`, `!${mock}/auth/*.spec.ts`, `!${mock}/auth/auth.types.ts`],
    tests: [`${mock}/auth/*`, 'test/mock/signing-client*'],
    atLeast: 90,
  },
};
