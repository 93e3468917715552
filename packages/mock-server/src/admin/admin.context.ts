import type { Authenticator } from '../auth/authenticator.js';
import type { MockNamespace } from '../namespace/mock-namespace.js';
import type { NamespaceRegistry } from '../namespace/namespace.registry.js';
import type { NamespaceState } from '../namespace/namespace.state.js';

/** The parts of the server that the admin API, the OpenAPI document and the page use. */
export interface AdminContext {
  readonly namespaces: NamespaceRegistry;
  readonly authenticator: Authenticator;
  readonly handleOf: (find: () => NamespaceState) => MockNamespace;
  /** Base address of this server. */
  readonly url: () => string;
  /** Counts requests that belong to no namespace. */
  readonly unattributed: () => number;
  readonly isClosing: () => boolean;
  /** Host names allowed for the admin API, in addition to loopback. Lower case, without a port. */
  readonly allowedHosts: readonly string[];
  readonly adminToken: string | undefined;
  /** Address of the application, to which the page links. */
  readonly applicationUrl: string | undefined;
}
