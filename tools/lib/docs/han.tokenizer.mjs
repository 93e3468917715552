/**
 * Splits text for the search of the site. MiniSearch splits at blanks and punctuation, which Chinese does not put between
 * words; so a run of Han characters becomes its pairs: 请求合并 is 请求, 求合, 合并. What is searched for is split in the same
 * way, and is found where all its pairs are. A single character is found as the beginning of a pair.
 *
 * VitePress sends the source of this function to the browser, so it uses nothing from outside.
 */
export function tokenize(text) {
  const tokens = [];
  for (const [word] of text.matchAll(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}_])+/gu)) {
    const characters = Array.from(word);
    if (!/\p{Script=Han}/u.test(word) || characters.length === 1) {
      tokens.push(word);
      continue;
    }
    for (let index = 0; index + 1 < characters.length; index++) tokens.push(characters[index] + characters[index + 1]);
  }
  return tokens;
}
