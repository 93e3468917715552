import type { Authenticator } from '../auth/authenticator.js';
import type { MockNamespace } from '../namespace/mock-namespace.js';
import type { NamespaceRegistry } from '../namespace/namespace.registry.js';
import type { NamespaceState } from '../namespace/namespace.state.js';

/** What the admin API, its document and the page know of the server. */
export interface AdminContext {
  readonly namespaces: NamespaceRegistry;
  readonly authenticator: Authenticator;
  readonly handleOf: (find: () => NamespaceState) => MockNamespace;
  /** Base address of this server. */
  readonly url: () => string;
  /** Requests that belong to no namespace. */
  readonly unattributed: () => number;
  readonly isClosing: () => boolean;
  /** Host names under which the admin API may be called, beside loopback; in lower case, without a port. */
  readonly allowedHosts: readonly string[];
  readonly adminToken: string | undefined;
}
