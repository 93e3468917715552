/** Keys of personal data and secrets. A second line of defence, because the sample does not log them. */
const SENSITIVE = new Set(['name', 'idcard', 'mobile', 'appcode', 'authorization', 'pepper', 'cookie', 'password']);
const MAX_DEPTH = 8;

/**
 * Returns a deep copy without the redacted keys. A copy, because the redaction of pino can leave its censor in the
 * caller's object if two of its paths overlap.
 */
export function redacted(fields: Record<string, unknown>): Record<string, unknown> {
  return copy(fields, 0) as Record<string, unknown>;
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth > MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    SENSITIVE.has(key.toLowerCase()) ? '[redacted]' : copy(item, depth + 1),
  ]);
  return Object.fromEntries(entries) as unknown;
}
