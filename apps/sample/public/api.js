/**
 * Sends a verification. @returns the body, with `ok` and the spans of `Server-Timing`; `undefined` without a reply
 *
 * @param {{ name: string, idCard: string, mobile: string }} identity
 * @param {boolean} confirmed true if the user has agreed to pay
 */
export async function verify(identity, confirmed) {
  try {
    const reply = await fetch('/verifications', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(confirmed && { 'x-confirm-paid-call': 'yes' }) },
      body: JSON.stringify(identity),
    });
    return { ok: reply.ok, body: await reply.json(), spans: spansOf(reply.headers.get('server-timing') ?? '') };
  } catch {
    return undefined;
  }
}

/** Loads JSON from the sample. @returns undefined if the request fails */
export async function load(path) {
  try {
    const reply = await fetch(path);
    return reply.ok ? await reply.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Starts or ends a simulated failure of the mock. */
export async function setTrouble(name) {
  const [method, path] = name === 'none' ? ['DELETE', '/playground/trouble'] : ['PUT', `/playground/trouble/${name}`];
  const reply = await fetch(path, { method });
  return reply.ok;
}

function spansOf(header) {
  return [...header.matchAll(/(\w+);dur=([\d.]+)/g)].map(([, step, ms]) => ({ step, ms: Number(ms) }));
}
