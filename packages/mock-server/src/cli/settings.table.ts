import type { MockServerOptions } from '../server/mock-options.types.js';

/** The format of a setting as text. */
export type SettingKind = 'number' | 'text' | 'flag' | 'flagOrText' | 'list' | 'apps' | 'file';

/** Settings of the command line only. */
export interface FileSettings {
  /** Path of a CSV or JSON file with synthetic people. */
  readonly population?: string;
  /** Path of the certificate, PEM. */
  readonly tlsCert?: string;
  /** Path of the private key, PEM. */
  readonly tlsKey?: string;
  /** Prints a line for every call. */
  readonly log?: boolean;
}

/** All settings of the command line, from flags, environment or file. */
export type Settings = Omit<MockServerOptions, 'now' | 'setTimer' | 'onEntry' | 'people' | 'tls'> &
  FileSettings & { readonly tls?: boolean };

/** One setting. */
export interface SettingRow {
  /** The name in the configuration file and in the options of `startMockServer`. */
  readonly name: keyof Settings;
  readonly flag: string;
  readonly env: `IDV_MOCK_${string}`;
  readonly kind: SettingKind;
  /** The placeholder of the value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** The settings. A flag takes precedence over the environment, and the environment over the file. */
// prettier-ignore
export const SETTINGS = [
  { name: 'port', flag: '--port', env: 'IDV_MOCK_PORT', kind: 'number', value: 'number', help: 'port to listen on; 0 takes a free one (default: 1979)' },
  { name: 'host', flag: '--host', env: 'IDV_MOCK_HOST', kind: 'text', value: 'address', help: 'address to listen on; anything but loopback needs an admin token (default: 127.0.0.1)' },
  { name: 'defaultAnswer', flag: '--default', env: 'IDV_MOCK_DEFAULT', kind: 'text', value: 'answer', help: 'for synthetic people whom nobody knows: match, mismatch or no-record (default: no-record)' },
  { name: 'population', flag: '--population', env: 'IDV_MOCK_POPULATION', kind: 'file', value: 'file', help: 'CSV or JSON file of synthetic people: name, idCard, mobile' },
  { name: 'appCodes', flag: '--app-code', env: 'IDV_MOCK_APP_CODES', kind: 'list', value: 'code', help: 'AppCode to accept; may be repeated (default: every one)' },
  { name: 'apps', flag: '--app', env: 'IDV_MOCK_APPS', kind: 'apps', value: 'key:secret', help: 'AppKey with its secret; may be repeated (default: every key, with the secret "<key>-secret")' },
  { name: 'strictWire', flag: '--strict-wire', env: 'IDV_MOCK_STRICT_WIRE', kind: 'flag', help: 'send no header that the real upstream would not send' },
  { name: 'gatewayErrorCodes', flag: '--no-gateway-error-codes', env: 'IDV_MOCK_GATEWAY_ERROR_CODES', kind: 'flag', help: 'behave like an older gateway, without X-Ca-Error-Code' },
  { name: 'successHeader', flag: '--success-header', env: 'IDV_MOCK_SUCCESS_HEADER', kind: 'flagOrText', value: 'text', help: 'send X-Ca-Error-Message with the replies of the vendor: OK, or another text after "="' },
  { name: 'signatureEcho', flag: '--signature-echo', env: 'IDV_MOCK_SIGNATURE_ECHO', kind: 'text', value: 'how', help: 'what an invalid signature tells of the string to sign: masked, off or raw (default: masked)' },
  { name: 'journal', flag: '--journal', env: 'IDV_MOCK_JOURNAL', kind: 'text', value: 'how', help: 'masked, off or raw (default: masked)' },
  { name: 'allowRawJournal', flag: '--allow-raw-journal', env: 'IDV_MOCK_ALLOW_RAW_JOURNAL', kind: 'flag', help: 'confirm that a raw journal is wanted' },
  { name: 'journalSize', flag: '--journal-size', env: 'IDV_MOCK_JOURNAL_SIZE', kind: 'number', value: 'number', help: 'entries kept per namespace (default: 1000)' },
  { name: 'maxNamespaces', flag: '--max-namespaces', env: 'IDV_MOCK_MAX_NAMESPACES', kind: 'number', value: 'number', help: 'namespaces kept (default: 2000)' },
  { name: 'fenPerCall', flag: '--fen-per-call', env: 'IDV_MOCK_FEN_PER_CALL', kind: 'number', value: 'number', help: 'price of a call in fen (default: 42)' },
  { name: 'seed', flag: '--seed', env: 'IDV_MOCK_SEED', kind: 'text', value: 'text', help: 'seed of delays, seqNos and request ids (default: ids are new with every start)' },
  { name: 'tls', flag: '--tls', env: 'IDV_MOCK_TLS', kind: 'flag', help: 'serve HTTPS with a certificate made for this run' },
  { name: 'tlsCert', flag: '--tls-cert', env: 'IDV_MOCK_TLS_CERT', kind: 'file', value: 'file', help: 'serve HTTPS with this certificate (PEM)' },
  { name: 'tlsKey', flag: '--tls-key', env: 'IDV_MOCK_TLS_KEY', kind: 'file', value: 'file', help: 'key of the certificate (PEM)' },
  { name: 'adminToken', flag: '--admin-token', env: 'IDV_MOCK_ADMIN_TOKEN', kind: 'text', value: 'token', help: 'what the admin API asks for as X-Mock-Admin-Token' },
  { name: 'applicationUrl', flag: '--application-url', env: 'IDV_MOCK_APPLICATION_URL', kind: 'text', value: 'url', help: 'address of the application that calls the mock; the page links to it' },
  { name: 'allowedHosts', flag: '--allowed-host', env: 'IDV_MOCK_ALLOWED_HOSTS', kind: 'list', value: 'name', help: 'host name under which the admin API may be called; may be repeated' },
  { name: 'allowRealLooking', flag: '--allow-real-looking', env: 'IDV_MOCK_ALLOW_REAL_LOOKING', kind: 'flag', help: 'look people up who may be alive, instead of refusing them' },
  { name: 'allowProduction', flag: '--allow-production', env: 'IDV_MOCK_ALLOW_PRODUCTION', kind: 'flag', help: 'start although NODE_ENV is production' },
  { name: 'log', flag: '--log', env: 'IDV_MOCK_LOG', kind: 'flag', help: 'print a line for every call' },
] as const satisfies readonly SettingRow[];
