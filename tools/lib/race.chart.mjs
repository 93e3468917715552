/** The areas between the two lines, from the lower line upwards, with the character that fills each. */
const AREAS = [
  ['ledger', '░'],
  ['joined', '▒'],
  ['checked', '▓'],
  ['maybe_paid', '╱'],
];
const COLUMNS = 60;
const ROWS = 12;

/** Why the module made fewer calls, in the words of the page. */
const REASONS = {
  maybe_paid: 'not repeated: maybe already paid',
  checked: 'refused or cleaned before sending',
  joined: 'joined: the same call was under way',
  ledger: 'from the ledger: asked before',
  repeated: 'repeated once: proven unpaid',
  other: 'under way',
};

export const money = (fen) => `${fen < 0 ? '−' : ''}¥${(Math.abs(fen) / 100).toFixed(2)}`;

/**
 * Draws money over time as text: `●` is the naive client, `○` the module, and between them is why they differ.
 *
 * @param {{ series: any[], durationMs: number }} race
 * @returns {string[]} lines of at most 72 columns
 */
export function raceChart({ series, durationMs }) {
  const top = Math.max(1, ...series.map(({ naive, module }) => Math.max(naive.fen, module.fen)));
  const rowOf = (fen) => Math.round((fen / top) * (ROWS - 1));
  const cells = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => ' '));
  for (let column = 0; column < COLUMNS; column++) {
    const atMs = (column / (COLUMNS - 1)) * durationMs;
    // A race that was stopped has no figures at its end.
    const figures = series.findLast(({ tMs }) => tMs <= atMs);
    if (figures === undefined || atMs > series.at(-1).tMs + durationMs / COLUMNS) continue;
    let fen = figures.module.fen;
    for (const [reason, character] of AREAS) {
      const from = rowOf(fen);
      fen += Math.max(0, figures.saved[reason].fen);
      for (let row = from; row < rowOf(fen); row++) cells[row][column] = character;
    }
    cells[rowOf(figures.naive.fen)][column] = '●';
    cells[rowOf(figures.module.fen)][column] = '○';
  }
  const lines = cells.toReversed().map((row, index) => {
    const fen = ((ROWS - 1 - index) / (ROWS - 1)) * top;
    const label = index % 3 === 0 || index === ROWS - 1 ? money(Math.round(fen)) : '';
    return `${label.padStart(8)} │${row.join('')}`;
  });
  const seconds = durationMs / 1000;
  return [
    ...lines.map((line) => line.trimEnd()),
    `${' '.repeat(9)}└${'─'.repeat(COLUMNS)}`,
    `${' '.repeat(10)}0 s${`${seconds / 2} s`.padStart(COLUMNS / 2)}${`${seconds} s`.padStart(COLUMNS / 2 - 3)}`,
  ];
}

/** The figures of both clients, as rows of a table. */
export function scoreRows({ final }) {
  return [
    ['naive client ●', final.naive],
    ['this module  ○', final.module],
  ].map(([name, of]) => [name, of.wrongIn, money(of.fen), money(of.maybeFen), of.calls, of.rightIn, of.rightWaiting]);
}

/** What the module did not pay for, as rows of a table; the last one is the sum. */
export function reasonRows({ final }) {
  const rows = Object.entries(REASONS).map(([reason, text]) => Object.assign({ reason, text }, final.saved[reason]));
  const sum = (what) => rows.reduce((total, row) => total + row[what], 0);
  return [
    ...rows
      .filter(({ reason, calls, fen }) => !['repeated', 'other'].includes(reason) || calls !== 0 || fen !== 0)
      .map(({ reason, text, calls, fen }) => [
        AREAS.find(([area]) => area === reason)?.[1] ?? '',
        text,
        String(calls).replace('-', '−'),
        money(fen),
      ]),
    ['', 'difference', sum('calls'), money(sum('fen'))],
  ];
}
