/**
 * Makes tabs of markup: `[role=tablist]` with `button[role=tab][aria-controls]`, and the panels with these ids. The
 * arrow keys, Home and End move between tabs, as the ARIA practices ask.
 *
 * @param {HTMLElement} list
 * @param {(panel: string) => void} [onOpen] called with the id of the panel, also at the start
 * @returns {(panel: string) => void} opens a panel
 */
export function startTabs(list, onOpen = () => {}) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role=tab]')]);
  /** @param {HTMLElement} tab */
  const panelOf = (tab) => tab.getAttribute('aria-controls') ?? '';

  const open = (/** @type {string} */ panel) => {
    for (const tab of tabs) {
      const isOpen = panelOf(tab) === panel;
      tab.setAttribute('aria-selected', String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      const own = document.getElementById(panelOf(tab));
      if (own !== null) own.hidden = !isOpen;
    }
    onOpen(panel);
  };

  for (const [index, tab] of tabs.entries()) {
    document.getElementById(panelOf(tab))?.setAttribute('aria-labelledby', tab.id);
    tab.addEventListener('click', () => open(panelOf(tab)));
    tab.addEventListener('keydown', (event) => {
      const moves = /** @type {Record<string, number>} */ ({
        ArrowRight: index + 1,
        ArrowLeft: index - 1,
        Home: 0,
        End: tabs.length - 1,
      });
      const to = moves[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      if (next === undefined) return;
      next.focus();
      open(panelOf(next));
    });
  }
  const first = tabs.find((tab) => tab.getAttribute('aria-selected') === 'true') ?? tabs[0];
  if (first !== undefined) open(panelOf(first));
  return open;
}
