const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Width in terminal columns. A CJK character takes two. */
const widthOf = (text) => Array.from(text).reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);

/**
 * Prints a table with aligned columns.
 *
 * @param {string[]} head
 * @param {unknown[][]} rows
 */
export function printTable(head, rows) {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column]))));
  for (const [index, cells] of lines.entries()) {
    const text = cells.map((cell, column) => cell + ' '.repeat(widths[column] - widthOf(cell))).join('  ');
    console.log(text.trimEnd());
    if (index === 0) console.log(widths.map((width) => '─'.repeat(width)).join('  '));
  }
}
