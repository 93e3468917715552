/** Removes the entry that was put in first: of a map that is kept in the order of use, the one used longest ago. */
export function dropFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
