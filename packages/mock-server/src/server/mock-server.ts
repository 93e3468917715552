import { DEFAULT_FEN_PER_CALL, ENDPOINT, GATEWAY_LIMITS } from '@identity-verify/contract';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AdminDoor, isAdminPath } from '../admin/admin.door.js';
import { Authenticator } from '../auth/authenticator.js';
import { CredentialStore } from '../auth/credentials.js';
import { MockNamespace } from '../namespace/mock-namespace.js';
import { NamespaceRegistry } from '../namespace/namespace.registry.js';
import { NonceBudget } from '../namespace/nonce.memory.js';
import type { NamespaceOwner, NamespaceState } from '../namespace/namespace.state.js';
import { SeededRandom } from '../namespace/seeded-random.js';
import { DataRoute } from '../pipeline/data-route.js';
import { Journalist } from '../pipeline/journalist.js';
import { Population } from '../scenario/population.js';
import { answerClientErrors } from './client-errors.js';
import { ConnectionTracker } from '../support/connection.tracker.js';
import { checkOptions } from './mock-options.check.js';
import type { MockServerOptions } from './mock-options.types.js';
import { reachableUrl } from './reachable-url.js';
import { toOriginForm } from './request-target.js';
import { selfSignedCertificate } from './tls.certificate.js';
import { realTimer } from '../support/timer.js';
import { KEEP_ALIVE_MS } from '../wire/whole-reply.js';
import { TRAP_PREFIX, TrapTokens } from '../pipeline/trap.js';

/** Options of {@link MockServer.close}. */
export interface CloseOptions {
  /**
   * Time for pending replies, in milliseconds. After that, their connections are destroyed. Connections held by a fault
   * are destroyed at once.
   * @default 2000
   */
  readonly graceMs?: number;
}

/** A running mock upstream. */
export interface MockServer {
  /** Base URL for calls from this machine, without a trailing slash: `http://127.0.0.1:43210`. */
  readonly url: string;
  readonly port: number;
  /** The certificate in PEM, for clients to trust. With TLS only. */
  readonly certificate?: string;
  /**
   * Returns the namespace of an AppCode, a direct-channel key or an AppKey. The credential need not have been used
   * before.
   */
  namespace(owner: string | { readonly appKey: string }): MockNamespace;
  /** Stops accepting connections and finishes pending replies. Further calls have no effect. */
  close(options?: CloseOptions): Promise<void>;
}

/** Limits for slow clients. Without them, a stalled client would hold its connection indefinitely. */
const SERVER_LIMITS = {
  maxHeaderSize: 2 * GATEWAY_LIMITS.urlAndHeadersBytes,
  requireHostHeader: false,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: KEEP_ALIVE_MS,
  connectionsCheckingInterval: 5_000,
} as const;

/** Maximum number of connections. Further ones are dropped. */
const MAX_CONNECTIONS = 2_000;

/**
 * Starts a mock upstream.
 *
 * @throws MockOptionsError if the options are invalid, or NODE_ENV is `production`
 * @throws the error of node:net (`EADDRINUSE`, …) if it cannot listen
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  checkOptions(options, process.env);
  const { host = '127.0.0.1', port = 1979, seed = 'identity-verify', setTimer = realTimer } = options;
  // By default, ids do not repeat after a restart, because a client may outlive the mock.
  const idSeed = options.seed ?? randomUUID();
  const namespaces = new NamespaceRegistry(
    {
      now: options.now ?? Date.now,
      seed,
      idSeed,
      journalSize: options.journal === 'off' ? 0 : (options.journalSize ?? 1000),
      nonces: new NonceBudget(),
    },
    options.maxNamespaces ?? 2000,
  );
  const fenPerCall = options.fenPerCall ?? DEFAULT_FEN_PER_CALL;
  const journalist = new Journalist(options.journal ?? 'masked', fenPerCall, options.onEntry);
  const requestIds = new SeededRandom(`${idSeed}\0request ids`);
  const connections = new ConnectionTracker();
  const traps = new TrapTokens(new SeededRandom(`${seed}\0traps`));
  const credentials = new CredentialStore(options.appCodes, options.apps);
  const authenticator = new Authenticator(credentials, namespaces, options.signatureEcho ?? 'masked');
  let unattributed = 0;
  const route = new DataRoute({
    pipeline: {
      authenticator,
      population: new Population(options.people),
      defaultAnswer: options.defaultAnswer ?? 'no-record',
      allowRealLooking: options.allowRealLooking ?? false,
      fenPerCall,
    },
    replies: {
      strictWire: options.strictWire ?? false,
      errorCodes: options.gatewayErrorCodes ?? true,
      successMessage: options.successHeader === true ? 'OK' : options.successHeader || undefined,
    },
    journalist,
    requestIds,
    connections,
    traps,
    setTimer,
    onUnattributed: () => unattributed++,
  });

  const fingerprints = journalist.fingerprints;
  const handleOf = (find: () => NamespaceState) => new MockNamespace(find, fingerprints, setTimer);
  let url = '';
  let closing: Promise<void> | undefined;
  const admin = new AdminDoor({
    namespaces,
    authenticator,
    handleOf,
    url: () => url,
    unattributed: () => unattributed,
    isClosing: () => closing !== undefined,
    allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
    adminToken: options.adminToken,
    applicationUrl: options.applicationUrl,
  });

  const dispatch = (request: IncomingMessage, response: ServerResponse) => {
    if (!connections.begin(request, response)) return;
    const target = toOriginForm(request);
    if (target === ENDPOINT.path) route.handle(request, response);
    else if (isAdminPath(target)) admin.handle(request, response);
    else if (target.startsWith(TRAP_PREFIX)) route.handleTrap(request, response);
    else route.handle(request, response);
  };
  const tls = options.tls === true ? await selfSignedCertificate(host) : options.tls || undefined;
  const server = tls
    ? // Loaded only for TLS, because most starts have none.
      (await import('node:https')).createServer({ ...SERVER_LIMITS, handshakeTimeout: 10_000, ...tls }, dispatch)
    : createServer(SERVER_LIMITS, dispatch);
  server.maxConnections = MAX_CONNECTIONS;
  // By default, Node answers an unknown Expect with 417.
  server.on('checkExpectation', dispatch);
  connections.watch(server);
  answerClientErrors(server, requestIds, connections, () => unattributed++);
  await listen(server, port, host);

  const address = server.address() as AddressInfo;
  url = reachableUrl(tls ? 'https' : 'http', address);
  return {
    url,
    port: address.port,
    ...(tls && { certificate: tls.cert }),
    namespace: (owner) => {
      const who: NamespaceOwner = typeof owner === 'string' ? { kind: 'code', code: owner } : { kind: 'app', ...owner };
      namespaces.of(who);
      return handleOf(() => namespaces.of(who));
    },
    close: ({ graceMs = 2000 } = {}) => (closing ??= closeServer(server, connections, graceMs)),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Interval between two checks for idle connections while closing, in milliseconds. */
const IDLE_CHECK_MS = 10;

function closeServer(server: Server, connections: ConnectionTracker, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => connections.destroyIdle(), IDLE_CHECK_MS);
    const grace = setTimeout(() => connections.destroyAll(), graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(grace);
      resolve();
    });
    connections.release();
    connections.destroyIdle();
  });
}
