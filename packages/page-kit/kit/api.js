/** A reply that refuses, with what it says. */
export class RefusedError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   * @param {any} body the reply
   */
  constructor(message, status, body) {
    super(message);
    this.name = 'RefusedError';
    this.status = status;
    this.body = body;
  }
}

/**
 * Sends JSON, and reads the reply. `fetch` rejects with a `TypeError` if the server cannot be reached; so does a reply
 * that is not JSON, because then something else than this server has answered.
 *
 * @param {string} path
 * @param {{ method?: string, headers?: Record<string, string>, body?: unknown, signal?: AbortSignal }} [options]
 * @returns {Promise<any>}
 * @throws {RefusedError} for a status from 400 on
 */
export async function requestJson(path, { method = 'GET', headers = {}, body, signal } = {}) {
  const reply = await fetch(path, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  const text = await reply.text();
  /** @type {any} */
  let value;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new TypeError(`${path} did not answer with JSON.`);
  }
  if (!reply.ok)
    throw new RefusedError(value?.error?.message ?? value?.title ?? `HTTP ${reply.status}`, reply.status, value);
  return value;
}
