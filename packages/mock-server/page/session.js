import { RefusedError, requestJson } from './kit/api.js';

/**
 * The open namespace and how to reach it. An AppCode that was typed is kept here only, for the lines to copy; requests
 * name the namespace by its hash.
 */
const session = {
  /** @type {string | undefined} */
  id: undefined,
  /** AppCodes that were typed, by the hash of their namespace. @type {Map<string, string>} */
  codes: new Map(),
  token: '',
};

/** The hash of the open namespace. */
export const openId = () => session.id;

/** The AppCode of the open namespace, if it was typed on this page. */
export const knownCode = () => (session.id === undefined ? undefined : session.codes.get(session.id));

/** @param {string | undefined} id */
export function openNamespace(id) {
  session.id = id;
}

/** @param {string} token */
export function useToken(token) {
  session.token = token;
}

/**
 * Opens the namespace of an AppCode, and creates it if nobody has called with it yet.
 *
 * @param {string} code
 */
export async function openByCode(code) {
  const { id } = await call('GET', 'namespace', undefined, { authorization: `APPCODE ${code}` });
  session.codes.set(id, code);
  session.id = id;
}

/**
 * Calls the admin API in the open namespace.
 *
 * @param {string} method
 * @param {string} path the path after `/__admin/`
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers] default: the open namespace
 * @returns {Promise<any>}
 * @throws {RefusedError}
 */
export function call(method, path, body, headers = session.id === undefined ? {} : { 'x-mock-namespace': session.id }) {
  return requestJson(`/__admin/${path}`, {
    method,
    headers: { ...headers, ...(session.token !== '' && { 'x-mock-admin-token': session.token }) },
    ...(body !== undefined && { body }),
  });
}

/**
 * The stable code of a refusal, such as `no_such_namespace`.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export const refusalCode = (error) => (error instanceof RefusedError ? error.body?.error?.code : undefined);
