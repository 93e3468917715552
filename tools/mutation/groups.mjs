/**
 * The groups of `pnpm mutate`: what is mutated, which tests have to notice, and the least share of mutants that they
 * must kill. Each group is one run, so that a group can be repeated alone. Jest loads all of a group's specs for every
 * mutant, so a group has few, and none that starts an application.
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
    tests: ['reply', 'recent', 'gateway'].map((subject) => `${nestjs}/upstream/${subject}.*`),
    atLeast: 95,
  },
  parser: {
    mutate: ['packages/contract/src/reply.parser.ts', 'packages/contract/src/strict-json.parser.ts'],
    tests: ['packages/contract/src/*parser*'],
    atLeast: 95,
  },
  guard: {
    mutate: ['guard', 'exceptions', 'metadata'].map((role) => `${nestjs}/identity-verify.${role}.ts`),
    tests: [`${nestjs}/identity-verify.guard*`],
    atLeast: 95,
  },
  'guard-notes': {
    mutate: [`${nestjs}/verified.requests.ts`, `${nestjs}/unread.body.ts`],
    tests: [`${nestjs}/verified*`, `${nestjs}/unread*`],
    atLeast: 95,
  },
  // What decides about money.
  ledger: {
    mutate: ['ledger.keys', 'memory.ledger', 'open.questions', 'period.counter', 'scope.account', 'subject.book'].map(
      (subject) => `${nestjs}/ledger/${subject}.ts`,
    ),
    tests: ['ledger.keys', 'memory', 'open', 'period', 'scope', 'subject'].map(
      (subject) => `${nestjs}/ledger/${subject}*`,
    ),
    atLeast: 95,
  },
  // What stands between the engine and a ledger.
  store: {
    mutate: [
      'ledger.errors',
      'ledger.gate',
      'ledger.holders',
      'store.breaker',
      'write.back',
      'question.claim',
      'spending.share',
      'spending.watch',
    ].map((subject) => `${nestjs}/ledger/${subject}.ts`),
    tests: ['ledger.errors', 'ledger.gate', 'ledger.holders', 'question', 'spending', 'store', 'write'].map(
      (subject) => `${nestjs}/ledger/${subject}*`,
    ),
    atLeast: 95,
  },
  digest: {
    mutate: [`${nestjs}/ledger/hmac-sha256.ts`, `${nestjs}/ledger/answer.seal.ts`],
    tests: [`${nestjs}/ledger/hmac*`, `${nestjs}/ledger/answer*`],
    atLeast: 95,
  },
  fallback: {
    mutate: [`${nestjs}/ledger/local.*.ts`, `${nestjs}/ledger/process.memory.ts`, `!${nestjs}/ledger/*.spec.ts`],
    tests: [`${nestjs}/ledger/local*`, `${nestjs}/ledger/process*`],
    atLeast: 95,
  },
  gateway: {
    mutate: [`${nestjs}/upstream/gateway.recogniser.ts`],
    tests: [`${nestjs}/upstream/gateway*`],
    atLeast: 90,
  },
  consequences: {
    mutate: [`${nestjs}/errors/consequences.data.ts`, `${nestjs}/verification/settlement.policy.ts`],
    tests: [`${nestjs}/errors/consequences*`, `${nestjs}/verification/settlement*`],
    atLeast: 90,
  },
  engine: {
    mutate: [`${nestjs}/verification/verification.engine.ts`, `${nestjs}/verification/question.asker.ts`],
    tests: [`${nestjs}/verification/verification.engine*`],
    atLeast: 90,
  },
  // Its reports are checked against a telemetry of its own; `test/telemetry` starts applications.
  'question-trace': {
    mutate: [`${nestjs}/verification/question.trace.ts`],
    tests: [`${nestjs}/verification/question.trace*`],
    atLeast: 90,
  },
  assembly: {
    mutate: [`${nestjs}/verification/verification.assembly.ts`],
    tests: [`${nestjs}/verification/verification.assembly*`],
    atLeast: 90,
  },
  flights: {
    mutate: ['flight.joiner', 'flight.registry', 'verify-options.check'].map(
      (subject) => `${nestjs}/verification/${subject}.ts`,
    ),
    tests: ['flight', 'verify-options'].map((subject) => `${nestjs}/verification/${subject}*`),
    atLeast: 90,
  },
  identity: {
    mutate: [`${nestjs}/identity/*.ts`, `!${nestjs}/identity/*.spec.ts`, `!${nestjs}/identity/pasted-text.rule.ts`],
    tests: ['id-number', 'identity', 'mobile', 'name', 'person', 'field'].map(
      (subject) => `${nestjs}/identity/${subject}*`,
    ),
    atLeast: 90,
  },
  'pasted-text': {
    mutate: [`${nestjs}/identity/pasted-text.rule.ts`],
    tests: [`${nestjs}/identity/pasted-text*`],
    atLeast: 90,
  },
  'mock-authentication': {
    mutate: [`${mock}/auth/*.ts`, `!${mock}/auth/*.spec.ts`, `!${mock}/auth/auth.types.ts`],
    tests: [`${mock}/auth/*`, 'test/mock/signing-client*'],
    atLeast: 90,
  },
};
