import { ask } from './api.js';
import { showElapsed, showStale, showView } from './answer.js';
import { mark } from './form.js';
import { answerOf } from './history.js';
import { confirmDialog } from './kit/confirm.js';
import { byId } from './kit/dom.js';
import { money } from './kit/format.js';
import { stopwatch } from './kit/live.js';
import { text } from './language.js';
import { isReserved, isSynthetic, masked } from './person.js';

/** The question that the card is about. A reply to any other is not shown. @type {object | undefined} */
let current;
/** Questions so far. */
let asked = 0;

/** Stops waiting for the current question. What was sent goes on. */
export function cancelQuestion() {
  current?.controller.abort();
}

/**
 * Asks questions, and shows the answer to the last one.
 *
 * @param {object} of
 * @param {() => boolean} of.isLive whether a call costs money
 * @param {() => number} of.price in fen
 * @param {() => Promise<void>} of.refresh loads the status and the last answers
 * @param {() => 'office' | 'signup' | 'lending'} of.route
 */
export function startQuestions({ isLive, price, refresh, route }) {
  let answered = () => {};

  /** @param {object} entered @param {object} identity the same, normalised */
  async function askAbout(entered, identity) {
    const question = {
      n: ++asked,
      route: route(),
      identity: entered,
      person: masked(identity),
      controller: new AbortController(),
    };
    if (isLive()) {
      if (isReserved(identity)) return refuseReserved(question);
      if (!(await confirmed())) return undefined;
    }
    current = question;
    const { controller, ...about } = question;
    byId('submit').disabled = true;
    showView({ phase: 'asking', ...about });
    byId('answer').scrollIntoView({ block: 'nearest' });
    const stop = stopwatch((ms) => current === question && showElapsed(ms));
    const reply = await ask(question.route, entered, { confirmed: isLive(), signal: controller.signal });
    const roundTripMs = stop();
    const receivedAt = new Date();
    await refresh();
    answered();
    // Another question was asked meanwhile: the card is about that one.
    if (current !== question) return undefined;
    byId('submit').disabled = false;
    if (reply.body?.violations) mark(reply.body.violations);
    const trace = reply.kind === 'reply' ? answerOf(reply.requestId) : undefined;
    showView({
      phase: 'answered',
      ...about,
      reply,
      roundTripMs,
      receivedAt,
      trace,
      ...(reply.kind !== 'reply' && { billed: 'unknown' }),
      ...(!isLive() &&
        trace?.errorCode === 'IDV_MALFORMED_REQUEST' &&
        !isSynthetic(identity) && { group: 'real_looking' }),
    });
    if (question.changed) showStale();
    return undefined;
  }

  /** Nothing is sent, so nothing needs to be confirmed. */
  function refuseReserved({ controller: _unused, ...about }) {
    current = undefined;
    const body = { code: 'IDV_TEST_IDENTITY_REFUSED', status: 422 };
    showView({
      phase: 'answered',
      ...about,
      reply: { kind: 'reply', ok: false, status: 422, body },
      billed: 'no',
      receivedAt: new Date(),
    });
  }

  const confirmed = () =>
    confirmDialog({
      title: text('confirmTitle'),
      text: text('confirmText', { price: money(price()) }),
      yes: text('confirmYes'),
      no: text('confirmNo'),
    });

  return {
    ask: (entered, identity) => void askAbout(entered, identity),
    /** Calls back after each reply. */
    onAnswered: (listener) => (answered = listener),
    /** Shows nothing. */
    forget: () => {
      current = undefined;
      byId('submit').disabled = false;
      showView({ phase: 'idle', route: route() });
    },
    routeChanged: () => {
      if (current === undefined) showView({ phase: 'idle', route: route() });
      else fieldsChanged();
    },
    fieldsChanged,
  };

  /** What was asked is not what the form says any more; the next question may be asked at once. */
  function fieldsChanged() {
    if (current !== undefined) current.changed = true;
    byId('submit').disabled = false;
    showStale();
  }
}
