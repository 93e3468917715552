import { randomUUID } from 'node:crypto';
import { ENDPOINT } from '@identity-verify/contract';
import type { NamespaceRegistry } from '../namespace/namespace.registry.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Authentication, ReceivedRequest } from './auth.types.js';
import type { CredentialStore } from './credentials.js';
import type { SignatureEcho } from './signature.echo.js';
import { verifySignature } from './signature.verifier.js';
import { headerValue } from './string-to-sign.js';

/** Exactly one space between scheme and code. The code is printable ASCII. */
const APPCODE = /^APPCODE ([\x21-\x7e]{1,128})$/;
const CODE = /^[\x21-\x7e]{1,128}$/;

/** Authenticates requests in the order of the gateway: AppCode, signature, then `key` of the direct channel. */
export class Authenticator {
  readonly #credentials: CredentialStore;
  readonly #namespaces: NamespaceRegistry;
  readonly #echo: SignatureEcho;
  /** The namespaces of the passes that are in use. Nearly always empty. */
  readonly #passes = new Map<string, NamespaceState>();

  constructor(credentials: CredentialStore, namespaces: NamespaceRegistry, echo: SignatureEcho) {
    this.#credentials = credentials;
    this.#namespaces = namespaces;
    this.#echo = echo;
  }

  /**
   * Makes an AppCode for a single call of the mock to itself, so that the page can send a call to a namespace of which it
   * knows the hash only.
   *
   * @returns the AppCode, and a function that ends it
   */
  issuePass(namespace: NamespaceState): { code: string; end: () => void } {
    const code = `pass-${randomUUID()}`;
    this.#passes.set(code, namespace);
    return { code, end: () => this.#passes.delete(code) };
  }

  /** Returns the namespace of a pass. Costs nothing while there is none. */
  #byPass(code: string): NamespaceState | undefined {
    return this.#passes.size === 0 ? undefined : this.#passes.get(code);
  }

  authenticate(request: ReceivedRequest): Authentication {
    const authorization = request.headers['authorization'];
    const appCode = typeof authorization === 'string' ? APPCODE.exec(authorization)?.[1] : undefined;
    if (appCode !== undefined) return this.#byCode(appCode, 'appcode');
    if (request.headers['x-ca-key'] !== undefined || request.headers['x-ca-signature'] !== undefined) {
      return this.#bySignature(request);
    }
    const key = request.form?.get(ENDPOINT.keyField);
    if (key !== undefined && key !== '') return this.#byCode(key, 'key');
    // The Authorization header is present but malformed.
    return { ok: false, rowId: authorization === undefined ? 'empty-signature' : 'invalid-appcode' };
  }

  /** Returns the namespace of a well-formed `Authorization: APPCODE …` header, without the body. */
  byAppCode(authorization: string | undefined): NamespaceState | undefined {
    const code = authorization === undefined ? undefined : APPCODE.exec(authorization)?.[1];
    if (code === undefined) return undefined;
    return (
      this.#byPass(code) ?? (this.#credentials.admits(code) ? this.#namespaces.of({ kind: 'code', code }) : undefined)
    );
  }

  /** Returns true if the request has an AppCode that is not accepted, so that the body does not matter. */
  refusesAppCode(authorization: string | undefined): boolean {
    const code = authorization === undefined ? undefined : APPCODE.exec(authorization)?.[1];
    return code !== undefined && !this.#byPass(code) && !this.#credentials.admits(code);
  }

  #byCode(code: string, channel: 'appcode' | 'key'): Authentication {
    const passed = this.#byPass(code);
    if (passed) return { ok: true, channel, namespace: passed };
    if (!CODE.test(code) || !this.#credentials.admits(code)) return { ok: false, rowId: 'invalid-appcode' };
    return { ok: true, channel, namespace: this.#namespaces.of({ kind: 'code', code }) };
  }

  #bySignature(request: ReceivedRequest): Authentication {
    const appKey = headerValue(request, 'x-ca-key');
    const appSecret = CODE.test(appKey) ? this.#credentials.secretOf(appKey) : undefined;
    if (appSecret === undefined) return { ok: false, rowId: 'invalid-appkey' };
    const namespace = this.#namespaces.of({ kind: 'app', appKey });
    const refusal = verifySignature(request, appSecret, namespace, this.#echo);
    return refusal ? { ok: false, namespace, ...refusal } : { ok: true, channel: 'signature', namespace };
  }
}
