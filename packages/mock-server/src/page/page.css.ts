/** The style sheet of the page: system fonts, light and dark mode, one column on a phone. */
export const PAGE_CSS = `
:root {
  color-scheme: light dark;
  --paper: #f4f6f8; --panel: #ffffff; --ink: #17212f; --soft: #5b6878; --line: #dfe4ea; --accent: #0b6e69; --accent-ink: #ffffff;
  --tint: #e6f2f1; --yes: #0f7b46; --yes-bg: #e3f4ea; --unknown: #8a5a00; --unknown-bg: #fdf1da; --no: #5b6878; --no-bg: #eef1f4; --bad: #b3261e; --bad-bg: #fdebea;
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #10161e; --panel: #18212c; --ink: #e8edf3; --soft: #9aa8b8; --line: #2b3744; --accent: #4cc0b8; --accent-ink: #06201e;
    --tint: #17302f; --yes: #6fd39c; --yes-bg: #16321f; --unknown: #f0c674; --unknown-bg: #3a2e12; --no: #9aa8b8; --no-bg: #232e3a; --bad: #ff9a92; --bad-bg: #3d1f1d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); }
h1, h2, h3, p, dl, dd, ol, ul { margin: 0; padding: 0; }
h1 { font-size: 17px; letter-spacing: -0.01em; } h2 { font-size: 17px; } h3 { font-size: 13px; color: var(--soft); font-weight: 600; }
.hint { color: var(--soft); font-size: 13px; } .mono, code, td:first-child { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: 13px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
[hidden] { display: none !important; }
.bar { display: flex; justify-content: space-between; align-items: center; gap: 12px; padding: 14px max(16px, calc((100vw - 1168px) / 2)); background: var(--panel); border-bottom: 1px solid var(--line); position: sticky; top: 0; z-index: 2; }
.brand { display: flex; gap: 12px; align-items: center; min-width: 0; } .brand p { color: var(--soft); font-size: 13px; } .brand img { flex: none; }
.bar-right { display: flex; gap: 8px; align-items: center; flex: none; }
main { max-width: 1200px; margin: 0 auto; padding: 20px 16px; display: grid; gap: 20px; }
main > * { min-width: 0; scroll-margin-top: 84px; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 20px; }
.panel-head { display: flex; justify-content: space-between; align-items: flex-end; gap: 16px; flex-wrap: wrap; margin-bottom: 16px; }
.panel-head > div { flex: 1 1 320px; }
input, button { font: inherit; border-radius: 8px; border: 1px solid var(--line); padding: 7px 12px; background: var(--panel); color: var(--ink); }
input { min-width: 0; width: 100%; } input:focus-visible, button:focus-visible, a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button { cursor: pointer; background: var(--accent); border-color: var(--accent); color: var(--accent-ink); font-weight: 600; white-space: nowrap; min-height: 36px; }
button.quiet { background: transparent; color: var(--ink); border-color: var(--line); font-weight: 500; } button.quiet:hover { background: var(--tint); border-color: var(--accent); }
button.danger { background: transparent; color: var(--bad); border-color: var(--line); font-weight: 500; } button.danger:hover { background: var(--bad-bg); border-color: var(--bad); }
button[aria-pressed='true'] { background: var(--tint); color: var(--accent); border-color: var(--accent); font-weight: 600; }
form { display: flex; gap: 8px; align-items: flex-end; flex-wrap: wrap; } label span { display: block; font-size: 12px; color: var(--soft); margin-bottom: 2px; }
.pill { font-size: 13px; padding: 4px 10px; border-radius: 999px; background: var(--no-bg); color: var(--no); white-space: nowrap; }
.pill.ok { background: var(--yes-bg); color: var(--yes); } .pill.bad { background: var(--bad-bg); color: var(--bad); }
.notice { background: var(--bad-bg); color: var(--bad); border-radius: 8px; padding: 10px 14px; margin-bottom: 16px; }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.tiles div { background: var(--panel); padding: 12px 14px; min-width: 0; } .tiles dt { color: var(--soft); font-size: 12px; } .tiles dd { font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; overflow-wrap: anywhere; }
.controls { display: grid; grid-template-columns: 1.4fr 1fr 1fr; gap: 20px; margin-top: 18px; } .control { display: flex; flex-direction: column; gap: 8px; align-items: flex-start; min-width: 0; }
.control form label { width: 130px; } .row { display: flex; gap: 8px; flex-wrap: wrap; }
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: 6px; min-height: 28px; align-items: center; } .chips li { background: var(--tint); color: var(--accent); border-radius: 6px; padding: 2px 8px; font: 13px ui-monospace, Menlo, Consolas, monospace; } .chips li.none { background: none; color: var(--soft); padding-left: 0; font: inherit; font-size: 13px; }
.scroll { overflow: auto; max-height: 420px; border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; } th { text-align: left; font-size: 12px; color: var(--soft); font-weight: 600; position: sticky; top: 0; background: var(--panel); box-shadow: inset 0 -1px var(--line); }
th, td { padding: 8px 12px; white-space: nowrap; } tbody tr + tr td { border-top: 1px solid var(--line); } .cost { text-align: right; font-variant-numeric: tabular-nums; }
td.person { color: var(--soft); } tr.new { animation: arrive 1.6s ease-out; } @keyframes arrive { from { background: var(--tint); } }
.empty { color: var(--soft); padding: 28px; text-align: center; }
h2 code { font-size: 13px; font-weight: 500; color: var(--soft); margin-left: 8px; }
.badge { display: inline-block; border-radius: 6px; padding: 1px 8px; font-size: 12px; font-weight: 600; white-space: nowrap; } .badge.yes { background: var(--yes-bg); color: var(--yes); } .badge.unknown { background: var(--unknown-bg); color: var(--unknown); } .badge.no { background: var(--no-bg); color: var(--no); }
.search { width: 260px; } .tabs { display: flex; gap: 8px; flex-wrap: wrap; margin-bottom: 14px; }
.cards { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 12px; }
.cards li { border: 1px solid var(--line); border-radius: 10px; padding: 14px; display: flex; flex-direction: column; gap: 8px; min-width: 0; }
.card-head { display: flex; justify-content: space-between; gap: 8px; align-items: flex-start; } .card-head code { font-weight: 650; overflow-wrap: anywhere; } .cards p { font-size: 14px; flex: 1; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 14px; color: var(--soft); font-size: 13px; } .facts b { color: var(--ink); font-weight: 500; font-family: ui-monospace, Menlo, Consolas, monospace; }
.card-actions { display: flex; gap: 8px; } .card-actions button { flex: 1; }
footer { max-width: 1200px; margin: 0 auto; padding: 4px 16px 32px; display: flex; flex-wrap: wrap; gap: 6px 20px; color: var(--soft); font-size: 13px; } a { color: var(--accent); }
.toast { position: fixed; left: 50%; bottom: 24px; transform: translateX(-50%); background: var(--ink); color: var(--paper); padding: 8px 16px; border-radius: 8px; font-size: 14px; max-width: calc(100vw - 32px); }
@media (max-width: 900px) { .tiles { grid-template-columns: repeat(3, 1fr); } .controls { grid-template-columns: 1fr 1fr; } .controls .control:first-child { grid-column: 1 / -1; } }
@media (max-width: 560px) {
  h1 { font-size: 15px; white-space: nowrap; } .brand p { display: none; } .brand { gap: 8px; } .bar { padding: 10px 16px; } main { padding: 12px; gap: 12px; } .panel { padding: 16px; } .tiles { grid-template-columns: repeat(2, 1fr); } .controls { grid-template-columns: 1fr; }
  .panel-head { align-items: stretch; flex-direction: column; gap: 12px; } .panel-head > div { flex: none; } .search { width: 100%; } #credential label { flex: 1; } .cards { grid-template-columns: 1fr; } button { min-height: 40px; }
  table, tbody, tr, td { display: block; } thead { display: none; } tbody tr { padding: 10px 14px; display: grid; grid-template-columns: auto 1fr auto; gap: 2px 10px; align-items: baseline; } tbody tr + tr { border-top: 1px solid var(--line); } tbody tr + tr td { border: 0; } td { padding: 0; white-space: normal; }
  td.time { grid-column: 2; color: var(--soft); font-size: 13px; } td.cost { grid-column: 3; grid-row: 1; } td.person, td.scenario { grid-column: 1 / -1; } td.decidedBy, td.http { color: var(--soft); font-size: 13px; } td.decidedBy { grid-column: 1; } td.billed { grid-column: 3; }
}
@media (prefers-reduced-motion: reduce) { tr.new { animation: none; } }
`;
