/**
 * The candidates most like a name that was not found, best first: what somebody probably meant to type.
 *
 * @param limit how many at most; default 3
 */
export function nearest(name: string, candidates: Iterable<string>, limit = 3): string[] {
  const wanted = name.toLowerCase().slice(0, MAX_LENGTH);
  const scored: { candidate: string; distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const other = candidate.toLowerCase();
    // A part of the name counts as close: `quota` is to find `gateway-quota-exhausted`.
    const contained = wanted.length >= 3 && (other.includes(wanted) || wanted.includes(other));
    const distance = contained ? 1 : editDistance(wanted, other);
    if (distance <= Math.max(2, Math.ceil(other.length * 0.6))) scored.push({ candidate, distance });
  }
  return scored
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** A header can be kilobytes long; nobody's typo is. */
const MAX_LENGTH = 64;

/** Levenshtein distance with one row of memory. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
