import { DEFAULT_FEN_PER_CALL, ENDPOINT, GATEWAY_LIMITS } from '@identity-verify/contract';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
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
import { TRAP_PREFIX, TrapTokens } from '../pipeline/trap.js';

/** How a mock is stopped. */
export interface CloseOptions {
  /**
   * How long replies under way may take, in milliseconds, before their connections are broken off. Connections that a
   * fault holds are broken off at once: nobody will ever answer them.
   * @default 2000
   */
  readonly graceMs?: number;
}

/** A mock upstream that listens. */
export interface MockServer {
  /** Base address for calls from this machine, without a slash at the end: `http://127.0.0.1:43210`. */
  readonly url: string;
  readonly port: number;
  /** The certificate in PEM, for clients to trust; only with TLS. */
  readonly certificate?: string;
  /**
   * The part of the mock that belongs to a credential: an AppCode or a direct-channel key, or an AppKey. It need not
   * have called before.
   */
  namespace(owner: string | { readonly appKey: string }): MockNamespace;
  /** Stops: no new connections, replies under way are finished. Calling it again does nothing more. */
  close(options?: CloseOptions): Promise<void>;
}

/** Node answers nothing before these are kept: a client that stalls is cut off, rather than held for ever. */
const SERVER_LIMITS = {
  maxHeaderSize: 2 * GATEWAY_LIMITS.urlAndHeadersBytes,
  requireHostHeader: false,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
} as const;

/** The most connections at one time; further ones are dropped. */
const MAX_CONNECTIONS = 2_000;

/**
 * Starts a mock upstream.
 *
 * @throws MockOptionsError when the options are wrong, or NODE_ENV is `production`
 * @throws the error of node:net (`EADDRINUSE`, …) when it cannot listen
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  checkOptions(options, process.env);
  const { host = '127.0.0.1', port = 1979, seed = 'identity-verify', setTimer = realTimer } = options;
  // Like the real ones, ids do not begin anew with a restart, which a client may live through.
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
    ? createTlsServer({ ...SERVER_LIMITS, handshakeTimeout: 10_000, ...tls }, dispatch)
    : createServer(SERVER_LIMITS, dispatch);
  server.maxConnections = MAX_CONNECTIONS;
  // Node would answer an unknown Expect with a 417 of its own.
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

/** How often connections that have become idle are looked for while closing, in milliseconds. */
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
