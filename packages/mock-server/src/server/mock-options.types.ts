import type { TestPerson } from '@identity-verify/contract';
import type { AppCredential } from '../auth/credentials.js';
import type { SignatureEcho } from '../auth/signature.echo.js';
import type { JournalEntry } from '../journal/journal.types.js';
import type { JournalMode } from '../pipeline/journalist.js';
import type { DefaultAnswer } from '../pipeline/scenario.selector.js';
import type { SetTimer } from '../support/timer.js';

/** Certificate and key, both in PEM. */
export interface TlsCredentials {
  readonly cert: string;
  readonly key: string;
}

/** The options of a mock upstream. All are optional. */
export interface MockServerOptions {
  /**
   * Port to listen on; 0 selects a free one.
   * @default 1979
   */
  readonly port?: number;
  /**
   * Address to listen on. An address other than loopback requires an {@link adminToken}.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /**
   * The accepted AppCodes and direct-channel keys.
   * @default every one
   */
  readonly appCodes?: readonly string[];
  /**
   * The accepted AppKeys with their secrets.
   * @default every AppKey, each with the secret `defaultAppSecret(appKey)`
   */
  readonly apps?: readonly AppCredential[];
  /**
   * The answer for an unknown synthetic person.
   * @default 'no-record'
   */
  readonly defaultAnswer?: DefaultAnswer;
  /**
   * Synthetic people in addition to the built-in test population.
   * @default none
   */
  readonly people?: readonly TestPerson[];
  /**
   * Treats possibly real people like synthetic ones. By default they are refused.
   * @default false
   */
  readonly allowRealLooking?: boolean;
  /**
   * The form in which the journal stores personal data. `raw` requires {@link allowRawJournal}.
   * @default 'masked'
   */
  readonly journal?: JournalMode;
  /**
   * Confirms a raw journal, which contains names, ID numbers and mobiles in plain text.
   * @default false
   */
  readonly allowRawJournal?: boolean;
  /**
   * Maximum number of journal entries of each namespace.
   * @default 1000
   */
  readonly journalSize?: number;
  /**
   * Maximum number of namespaces. Beyond it, the least recently used one is dropped.
   * @default 2000
   */
  readonly maxNamespaces?: number;
  /**
   * Price of a call in fen (1 CNY = 100 fen).
   * @default 42, the most expensive package of the price list
   */
  readonly fenPerCall?: number;
  /**
   * Omits every reply header that the real upstream would not send.
   * @default false
   */
  readonly strictWire?: boolean;
  /**
   * Sends `X-Ca-Error-Code`, as newer gateway instances do.
   * @default true
   */
  readonly gatewayErrorCodes?: boolean;
  /**
   * `X-Ca-Error-Message` of the vendor's replies (HTTP 200), as some gateways send it. `true` sends `OK`; a string
   * sends that text.
   * @default false
   */
  readonly successHeader?: boolean | string;
  /**
   * The part of the string to sign that `Invalid Signature, Server StringToSign:` returns.
   * @default 'masked'
   */
  readonly signatureEcho?: SignatureEcho;
  /**
   * Seed of all random values: delays, seqNos and request ids. A client that outlives a mock with a fixed seed sees the
   * same ids again and takes the replies for duplicates.
   * @default the delays of 'identity-verify'; new seqNos and request ids at each start
   */
  readonly seed?: string;
  /**
   * Real time in milliseconds since 1970, the base of the virtual clocks.
   * @default Date.now
   */
  readonly now?: () => number;
  /**
   * The timer for delays.
   * @default setTimeout
   */
  readonly setTimer?: SetTimer;
  /**
   * Allows the start with NODE_ENV `production`.
   * @default false
   */
  readonly allowProduction?: boolean;
  /**
   * The token that the admin API and the page require in `X-Mock-Admin-Token`. Required if the mock is not on loopback.
   * @default none
   */
  readonly adminToken?: string;
  /**
   * Host names allowed for the admin API and the page, in addition to `localhost` and IP addresses; for example the
   * name of a container. Without a port.
   * @default none
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Address of the application that calls this mock. The page links to it.
   * @default none
   */
  readonly applicationUrl?: string;
  /**
   * Serves HTTPS with the given certificate; `true` creates a self-signed certificate for this run.
   * @default false
   */
  readonly tls?: boolean | TlsCredentials;
  /**
   * Called for every journal entry with the short hash of its namespace, for logging. Must not throw.
   * @default none
   */
  readonly onEntry?: (entry: JournalEntry, namespaceId: string) => void;
}
