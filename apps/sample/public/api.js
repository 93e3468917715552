import { requestJson } from './kit/api.js';

/** The three routes that ask the same question. */
export const ROUTES = { office: '/verifications', signup: '/enrolments', lending: '/loan-applications' };

/**
 * Asks on one of the routes.
 *
 * @param {keyof ROUTES} route
 * @param {{ name: string, idCard: string, mobile: string }} identity
 * @param {{ confirmed: boolean, signal: AbortSignal }} how `confirmed`: the user has agreed to pay
 * @returns the reply, with its body read; `cancelled`, or `offline` without a reply
 */
export async function ask(route, identity, { confirmed, signal }) {
  try {
    const reply = await fetch(ROUTES[route], {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(confirmed && { 'x-confirm-paid-call': 'yes' }) },
      body: JSON.stringify(identity),
      signal,
    });
    const raw = await reply.text();
    return {
      kind: 'reply',
      ok: reply.ok,
      status: reply.status,
      body: JSON.parse(raw),
      requestId: reply.headers.get('x-request-id'),
    };
  } catch (error) {
    return { kind: error.name === 'AbortError' ? 'cancelled' : 'offline' };
  }
}

/** Loads the state and the answers since an index. Rejects with a TypeError if the sample does not answer. */
export async function loadStatus(after) {
  const [status, { answers }] = await Promise.all([
    requestJson('/status'),
    requestJson(`/status/answers?after=${after}`),
  ]);
  return { status, answers };
}

/** Loads what the page shows of the mock. */
export const loadMock = () => requestJson('/playground/mock');

/** Loads the test identities. */
export const loadIdentities = () => requestJson('/playground/identities');

/** Makes a test identity that nobody has asked about. */
export const loadFresh = () => requestJson('/playground/fresh', { method: 'POST' });

/** Starts a trouble of the mock; `none` ends it, with what it has done here. @param {string} name */
export const setTrouble = (name) =>
  name === 'none'
    ? requestJson('/playground/trouble', { method: 'DELETE' })
    : requestJson(`/playground/trouble/${name}`, { method: 'PUT' });

/** Undoes one thing. @param {'latch' | 'circuit' | 'refusals' | 'person'} what @param {object} [identity] */
export const undo = (what, identity) => requestJson(`/playground/undo/${what}`, { method: 'POST', body: identity });

/** Puts everything back to the beginning. */
export const reset = () => requestJson('/playground/reset', { method: 'POST' });
