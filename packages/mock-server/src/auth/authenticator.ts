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

/** A well-formed AppCode of a request. */
export interface PresentedCode {
  readonly code: string;
  /** True if it is accepted. */
  readonly isAdmitted: boolean;
  /** The namespace of the pass, if it is one. */
  readonly passed: NamespaceState | undefined;
}

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

  /**
   * @param presented the result of {@link presented} for this request; the default reads the header again
   */
  authenticate(request: ReceivedRequest, presented = this.presented(request.headers['authorization'])): Authentication {
    if (presented) {
      const namespace = this.namespaceOf(presented);
      return namespace ? { ok: true, channel: 'appcode', namespace } : { ok: false, rowId: 'invalid-appcode' };
    }
    const authorization = request.headers['authorization'];
    if (request.headers['x-ca-key'] !== undefined || request.headers['x-ca-signature'] !== undefined) {
      return this.#bySignature(request);
    }
    const key = request.form?.get(ENDPOINT.keyField);
    if (key !== undefined && key !== '') {
      if (!CODE.test(key) || !this.#credentials.admits(key)) return { ok: false, rowId: 'invalid-appcode' };
      return { ok: true, channel: 'key', namespace: this.#namespaces.of({ kind: 'code', code: key }) };
    }
    // The Authorization header is present but malformed.
    return { ok: false, rowId: authorization === undefined ? 'empty-signature' : 'invalid-appcode' };
  }

  /** Reads `Authorization: APPCODE …`. @returns undefined if there is no such header, or it is malformed */
  presented(authorization: string | readonly string[] | undefined): PresentedCode | undefined {
    const code = typeof authorization === 'string' ? APPCODE.exec(authorization)?.[1] : undefined;
    if (code === undefined) return undefined;
    const passed = this.#passes.size === 0 ? undefined : this.#passes.get(code);
    return { code, passed, isAdmitted: passed !== undefined || this.#credentials.admits(code) };
  }

  /** Returns the namespace of an accepted AppCode, without the body. */
  namespaceOf({ code, isAdmitted, passed }: PresentedCode): NamespaceState | undefined {
    return isAdmitted ? (passed ?? this.#namespaces.of({ kind: 'code', code })) : undefined;
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
