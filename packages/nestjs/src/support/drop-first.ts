/** Removes the first entry. In a map kept in order of use, that is the least recently used one. */
export function dropFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
