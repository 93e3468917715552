import { ENDPOINT } from '@identity-verify/contract';
import type { NamespaceRegistry } from '../namespace/namespace.registry.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Authentication, ReceivedRequest } from './auth.types.js';
import type { CredentialStore } from './credentials.js';
import type { SignatureEcho } from './signature.echo.js';
import { verifySignature } from './signature.verifier.js';
import { headerValue } from './string-to-sign.js';

/** One blank between scheme and code, and nothing else; the code is printable ASCII, which is all a header can carry. */
const APPCODE = /^APPCODE ([\x21-\x7e]{1,128})$/;
const CODE = /^[\x21-\x7e]{1,128}$/;

/** Finds out who is calling, in the order of the gateway: AppCode, signature, then the direct channel's `key`. */
export class Authenticator {
  readonly #credentials: CredentialStore;
  readonly #namespaces: NamespaceRegistry;
  readonly #echo: SignatureEcho;

  constructor(credentials: CredentialStore, namespaces: NamespaceRegistry, echo: SignatureEcho) {
    this.#credentials = credentials;
    this.#namespaces = namespaces;
    this.#echo = echo;
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
    // There is an Authorization header, but not in the one spelling that counts.
    return { ok: false, rowId: authorization === undefined ? 'empty-signature' : 'invalid-appcode' };
  }

  /** The namespace of a well-formed `Authorization: APPCODE …` header alone, before the body is there. */
  byAppCode(authorization: string | undefined): NamespaceState | undefined {
    const code = authorization === undefined ? undefined : APPCODE.exec(authorization)?.[1];
    return code !== undefined && this.#credentials.admits(code)
      ? this.#namespaces.of({ kind: 'code', code })
      : undefined;
  }

  /** Whether an AppCode is presented that is not admitted: then it does not matter what the body says. */
  refusesAppCode(authorization: string | undefined): boolean {
    const code = authorization === undefined ? undefined : APPCODE.exec(authorization)?.[1];
    return code !== undefined && !this.#credentials.admits(code);
  }

  #byCode(code: string, channel: 'appcode' | 'key'): Authentication {
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
