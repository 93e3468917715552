/** A store that failed, or holds what no ledger wrote. Its message has no key, no address and no credentials. */
export class RedisLedgerError extends Error {
  override readonly name = 'RedisLedgerError';
}

/** Codes of Redis (`OOM`, `READONLY`) and of Node (`ECONNREFUSED`): capitals only, so that nothing else gets through. */
const CODE = /^[A-Z][A-Z_]{1,30}$/;

/**
 * The error that a failure of the client is passed on as: with its code alone, because clients put keys, arguments and
 * addresses into messages and properties.
 */
export function redisLedgerError(failure: unknown): RedisLedgerError {
  if (failure instanceof RedisLedgerError) return failure;
  const code = codeOf(failure);
  return new RedisLedgerError(code ? `Redis has failed: ${code}.` : 'Redis has failed, or gave no answer in time.');
}

function codeOf(failure: unknown): string | undefined {
  if (!(failure instanceof Error)) return undefined;
  const candidates = ['code' in failure ? failure.code : undefined, failure.message.split(/[^A-Z_]/, 1)[0]];
  return candidates.find((each): each is string => typeof each === 'string' && CODE.test(each));
}
