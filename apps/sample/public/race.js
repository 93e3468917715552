import { requestJson, RefusedError } from './kit/api.js';
import { byId, fill, make, setText } from './kit/dom.js';
import { count, money } from './kit/format.js';
import { drawRace } from './race.chart.js';
import { RACE_TEXTS } from './race.texts.js';

/** In the order of the areas, the upper one first. */
const REASONS = ['maybe_paid', 'checked', 'joined', 'ledger', 'repeated', 'other'];
const RACERS = ['naive', 'module'];
const DAYS = 365;
/** The positions of the slider: 100 to 1,000,000 sign-ups a day, in steps that people name. */
const VOLUMES = [10, 100, 1_000, 10_000, 100_000].flatMap((power) => [power * 10, power * 20, power * 50]).slice(0, -2);
const MODULE_CODE = `const { outcome } = await this.identityVerify.verify({ name, idCard, mobile });
return outcome === 'match';`;

/** @type {any} what can be played */
let programme;
/** @type {any[]} figures so far */
let series = [];
/** @type {any} the result of the last race */
let result;
/** What the line under the buttons says: a key of the texts and its values, which may be functions of the language. */
let message = { key: '', values: () => ({}) };
/** @type {{ id: string, source: EventSource } | undefined} */
let playing;

const root = byId('race');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

function start() {
  build();
  root.hidden = false;
  // The switch of the page sets the language of the document.
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ['lang'] });
  new ResizeObserver(drawChart).observe(byId('race-chart').parentElement);
  draw();
  root.dataset.ready = 'true';
}

/** Returns a text in the language of the document. */
function say(key, values = {}) {
  const template = RACE_TEXTS[document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'][key];
  if (template === undefined) reportError(new Error(`There is no text "${key}".`));
  return (template ?? key).replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Makes the parts once. Their texts follow the language: `data-say` names them. */
function build() {
  const said = (tag, key, attributes = {}) => make(tag, { ...attributes, 'data-say': key });
  const labelled = (id, key, input, output) => make('div.field', {}, said('label', key, { for: id }), input, output);
  const slider = (id, max, value) => make(`input#${id}`, { type: 'range', min: 0, max, value, oninput: drawYear });
  const prices = [...new Set([programme.fenPerCall, ...programme.prices])].sort((one, other) => other - one);

  fill(
    root,
    said('h2#race-title', 'title'),
    make('p.hint#race-lead'),
    make(
      'div.actions',
      {},
      make('button.primary#race-play', { type: 'button', onclick: () => void play() }),
      said('button#race-stop', 'stop', { type: 'button', hidden: true, onclick: () => void stop() }),
      make('label.race-speed', {}, said('span', 'speed'), make('select#race-speed')),
      make('span.hint#race-second'),
    ),
    make('p.race-message#race-message', { role: 'status' }),
    make('div.race-picture', {}, picture()),
    make(
      'div.race-figures',
      {},
      make(
        'div.scroll',
        { tabindex: 0, role: 'group', 'aria-labelledby': 'race-scores-title' },
        make('table.race-scores#race-scores'),
      ),
      make(
        'div.scroll',
        { tabindex: 0, role: 'group', 'aria-labelledby': 'race-between-title' },
        make('table.race-between#race-between'),
      ),
    ),
    make('p.hint#race-waiting'),
    make(
      'div.race-year',
      {},
      said('h3', 'year'),
      make(
        'div.race-sliders',
        {},
        labelled(
          'race-volume',
          'volume',
          slider('race-volume', VOLUMES.length - 1, VOLUMES.indexOf(1_000)),
          make('output#race-volume-value'),
        ),
        labelled('race-repeats', 'repeats', slider('race-repeats', 60, 10), make('output#race-repeats-value')),
        labelled(
          'race-price',
          'price',
          make(
            'select#race-price',
            { onchange: drawYear },
            ...prices.map((fen) => make('option', { value: fen }, money(fen))),
          ),
        ),
      ),
      make('p.race-sum', {}, make('output#race-sum', { for: 'race-volume race-repeats race-price' })),
      make('p.mono#race-formula'),
      make('p.hint#race-assumption'),
    ),
    make(
      'details',
      {},
      said('summary', 'code'),
      make('pre', { tabindex: 0 }, make('code#race-naive-code', {}, programme.naiveSource)),
      said('p.hint', 'codeNote'),
      make('pre', { tabindex: 0 }, make('code', {}, MODULE_CODE)),
      make('p.hint#race-journals'),
    ),
  );
}

function picture() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.id = 'race-chart';
  svg.setAttribute('role', 'img');
  return svg;
}

async function play() {
  series = [];
  result = undefined;
  announce('started');
  setPlaying(true);
  draw();
  try {
    const { id } = await requestJson('/race', { method: 'POST', body: { speed: Number(byId('race-speed').value) } });
    listen(id);
  } catch (error) {
    const isBusy = error instanceof RefusedError && error.status === 429;
    end(isBusy ? 'failed_busy' : error instanceof RefusedError ? 'failed_sample' : 'failed_offline');
  }
}

function listen(id) {
  const source = new EventSource(`/race/${id}/news`);
  playing = { id, source };
  // After a lost connection, the sample tells everything again.
  source.addEventListener('open', () => {
    series = [];
    if (message.key === 'reconnecting') announce('started');
  });
  source.addEventListener('figures', ({ data }) => {
    series.push(JSON.parse(data));
    if (!calm.matches) drawFigures();
    drawSecond();
  });
  source.addEventListener('result', ({ data }) => {
    result = JSON.parse(data);
    series = result.series;
    const { naive, module } = result.final;
    if (!result.complete) end('incomplete');
    else if (result.cancelled) {
      const s = Math.round(result.final.tMs / 1000);
      end('stopped', () => ({ s, naive: money(naive.fen), module: money(module.fen) }));
    } else {
      end('done', () => ({
        naive: money(naive.fen),
        module: money(module.fen),
        naiveWrong: naive.wrongIn,
        moduleWrong: module.wrongIn === 0 ? say('none') : module.wrongIn,
        percent: Math.round((1 - module.fen / naive.fen) * 100),
      }));
    }
  });
  source.addEventListener('failed', ({ data }) => end(`failed_${JSON.parse(data).because}`));
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) end('failed_offline');
    else announce('reconnecting');
  });
}

async function stop() {
  if (playing === undefined) return;
  await requestJson(`/race/${playing.id}`, { method: 'DELETE' }).catch(() => end('failed_offline'));
}

function end(key, values) {
  playing?.source.close();
  playing = undefined;
  announce(key, values);
  setPlaying(false);
  draw();
}

function announce(key, values = () => ({})) {
  message = { key, values };
  drawMessage();
}

function setPlaying(isPlaying) {
  const [play, stop] = [byId('race-play'), byId('race-stop')];
  const focused = document.activeElement;
  play.disabled = isPlaying;
  byId('race-speed').disabled = isPlaying;
  stop.hidden = !isPlaying;
  root.dataset.playing = String(isPlaying);
  // The button that had the focus is gone.
  if (focused === play && isPlaying) stop.focus();
  else if (focused === stop && !isPlaying) play.focus();
}

function draw() {
  for (const place of root.querySelectorAll('[data-say]')) setText(place, say(place.dataset.say));
  setText(byId('race-lead'), say('lead', { n: programme.signUps }));
  setText(byId('race-play'), say(result === undefined ? 'play' : 'again'));
  byId('race-play').disabled = playing !== undefined || programme.refusal !== null;
  drawSpeeds();
  drawMessage();
  drawSecond();
  drawFigures();
  drawYear();
  setText(byId('race-journals'), result === undefined ? '' : say('journals', result.appCodes));
}

function drawSpeeds() {
  const select = byId('race-speed');
  const chosen = select.value || String(programme.defaultSpeed);
  const options = programme.speeds.map((n) =>
    make('option', { value: n }, say('speedOption', { n, s: programme.durationMs / 1000 / n })),
  );
  fill(select, ...options);
  select.value = chosen;
}

function drawMessage() {
  const { key, values } = message;
  const shown = key === '' && programme.refusal !== null ? `refusal_${programme.refusal}` : key;
  const place = byId('race-message');
  setText(place, shown === '' ? '' : say(shown, values()));
  place.classList.toggle('bad', shown.startsWith('failed') || shown === 'incomplete');
  place.classList.toggle('done', shown === 'done');
}

function drawSecond() {
  const at = playing === undefined ? undefined : (series.at(-1)?.tMs ?? 0);
  const total = programme.durationMs / 1000;
  setText(byId('race-second'), at === undefined ? '' : say('second', { s: Math.round(at / 1000), total }));
}

function drawFigures() {
  drawChart();
  drawScores();
  drawReasons();
}

function drawChart() {
  const chart = byId('race-chart');
  const width = Math.floor(chart.parentElement.clientWidth);
  if (width === 0) return;
  const shown = playing !== undefined && calm.matches ? [] : series;
  const { spells, durationMs } = programme;
  drawRace(chart, { series: shown, spells, durationMs, width, say });
  const summary = result === undefined ? say('chartEmpty') : byId('race-message').textContent;
  chart.setAttribute('aria-label', say('chart', { summary }));
}

function drawScores() {
  const last = series.at(-1);
  const columns = ['wrongIn', 'paid', 'calls', 'rightIn'];
  const head = make(
    'thead',
    {},
    make(
      'tr',
      {},
      make('th', { scope: 'col' }, say('client')),
      ...columns.map((key) => make('th', { scope: 'col' }, say(key))),
    ),
  );
  const cell = (value, note) =>
    make('td', {}, make('span.race-big', {}, value), note && make('span.race-note', {}, note));
  const rows = RACERS.map((racer) => {
    const of = last?.[racer];
    return make(
      `tr.race-row-${racer}`,
      {},
      make('th', { scope: 'row' }, say(racer)),
      ...(of === undefined
        ? columns.map(() => cell('–'))
        : [
            cell(of.wrongIn),
            cell(money(of.fen), of.maybeFen > 0 && say('maybe', { maybe: money(of.maybeFen) })),
            cell(of.calls),
            cell(of.rightIn, result !== undefined && of.rightWaiting > 0 && say('waiting', { n: of.rightWaiting })),
          ]),
    );
  });
  fill(byId('race-scores'), make('caption#race-scores-title', {}, say('scores')), head, make('tbody', {}, ...rows));
  const waiting = result?.final.module.rightWaiting ?? 0;
  setText(byId('race-waiting'), waiting > 0 && !result.cancelled ? say('waitingNote', { n: waiting }) : '');
}

function drawReasons() {
  const last = series.at(-1);
  const amounts = REASONS.map((reason) => Object.assign({ reason, calls: 0, fen: 0 }, last?.saved[reason]));
  const shown = amounts.filter(
    ({ reason, calls, fen }) => !['repeated', 'other'].includes(reason) || calls !== 0 || fen !== 0,
  );
  const head = ['reason', 'calls', 'money'].map((key, index) =>
    make(index === 0 ? 'th' : 'th.number', { scope: 'col' }, say(key)),
  );
  const rows = shown.map(({ reason, calls, fen }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, make(`span.race-swatch.race-${reason}`, { 'aria-hidden': 'true' }), say(reason)),
      make('td.number', {}, signed(calls)),
      make('td.number', {}, signedMoney(fen)),
    ),
  );
  const sum = (what) => amounts.reduce((total, each) => total + each[what], 0);
  fill(
    byId('race-between'),
    make('caption#race-between-title', {}, say('between')),
    make('thead', {}, make('tr', {}, ...head)),
    make('tbody', {}, ...rows),
    make(
      'tfoot',
      {},
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, say('total')),
        make('td.number', {}, signed(sum('calls'))),
        make('td.number', {}, signedMoney(sum('fen'))),
      ),
    ),
  );
}

/** A call that the module made more is shown with a minus sign, not with a hyphen. */
const signed = (n) => (n < 0 ? `−${-n}` : String(n));
const signedMoney = (fen) => (fen < 0 ? `−${money(-fen)}` : money(fen));

function drawYear() {
  const volume = VOLUMES[Number(byId('race-volume').value)];
  const repeats = Number(byId('race-repeats').value);
  const fenPerCall = Number(byId('race-price').value);
  // Whole fen: the product of the volume and 365 is a multiple of 100.
  const sum = count(Math.round((volume * DAYS * repeats * fenPerCall) / 100 / 100));
  const values = { volume: count(volume), repeats, price: money(fenPerCall), money: `¥${sum}` };
  setText(byId('race-volume-value'), values.volume);
  setText(byId('race-repeats-value'), String(repeats));
  setText(byId('race-sum'), say('yearSum', values));
  setText(byId('race-formula'), say('formula', values));
  const paid = (racer) => result.final[racer].fen / Math.max(1, result.fenPerCall);
  const n =
    result === undefined || result.cancelled
      ? undefined
      : Math.round(((paid('naive') - paid('module')) / result.signUps) * 100);
  setText(byId('race-assumption'), n === undefined ? say('assumptionUnplayed') : say('assumption', { n }));
}

programme = await requestJson('/race').catch(() => undefined);
if (programme !== undefined && programme.refusal !== 'real_upstream') start();
