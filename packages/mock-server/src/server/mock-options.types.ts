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

/** Settings of a mock upstream. Everything has a default. */
export interface MockServerOptions {
  /**
   * Port to listen on; 0 takes a free one.
   * @default 1979
   */
  readonly port?: number;
  /**
   * Address to listen on. Anything but loopback needs an {@link adminToken}.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /**
   * The AppCodes (and direct-channel keys) that are accepted.
   * @default every one
   */
  readonly appCodes?: readonly string[];
  /**
   * The AppKeys that are accepted, with their secrets.
   * @default every AppKey, each with the secret `defaultAppSecret(appKey)`
   */
  readonly apps?: readonly AppCredential[];
  /**
   * What is answered for a synthetic person whom nobody knows.
   * @default 'no-record'
   */
  readonly defaultAnswer?: DefaultAnswer;
  /**
   * Synthetic people beside the built-in test population.
   * @default none
   */
  readonly people?: readonly TestPerson[];
  /**
   * Whether people who may be alive are looked up like synthetic ones, instead of being refused.
   * @default false
   */
  readonly allowRealLooking?: boolean;
  /**
   * What the journal shows of people. `raw` needs {@link allowRawJournal}.
   * @default 'masked'
   */
  readonly journal?: JournalMode;
  /**
   * Confirms that a raw journal is wanted: it holds names, ID numbers and mobiles in plain text.
   * @default false
   */
  readonly allowRawJournal?: boolean;
  /**
   * How many journal entries each namespace keeps.
   * @default 1000
   */
  readonly journalSize?: number;
  /**
   * How many namespaces are kept; beyond, the one that was quiet for longest is dropped.
   * @default 2000
   */
  readonly maxNamespaces?: number;
  /**
   * Price of a call in fen (1 CNY = 100 fen).
   * @default 42, the dearest package of the price list
   */
  readonly fenPerCall?: number;
  /**
   * Leaves out every reply header that the real upstream would not send.
   * @default false
   */
  readonly strictWire?: boolean;
  /**
   * Whether the gateway sends `X-Ca-Error-Code`, as newer instances do.
   * @default true
   */
  readonly gatewayErrorCodes?: boolean;
  /**
   * `X-Ca-Error-Message` of the vendor's replies (HTTP 200): some gateways send `OK` there. `true` sends `OK`, a text
   * sends itself.
   * @default false
   */
  readonly successHeader?: boolean | string;
  /**
   * What `Invalid Signature, Server StringToSign:` tells.
   * @default 'masked'
   */
  readonly signatureEcho?: SignatureEcho;
  /**
   * Seed of everything random: the same seed gives the same delays, seqNos and request ids. A client that outlives the
   * mock then sees ids again, and takes the replies for duplicates.
   * @default delays as with 'identity-verify'; seqNos and request ids that are new with every start
   */
  readonly seed?: string;
  /**
   * Real time in milliseconds since 1970, under the virtual clocks.
   * @default Date.now
   */
  readonly now?: () => number;
  /**
   * How delays are waited for.
   * @default setTimeout
   */
  readonly setTimer?: SetTimer;
  /**
   * Whether to start although NODE_ENV is `production`.
   * @default false
   */
  readonly allowProduction?: boolean;
  /**
   * What the admin API and the page ask for, as `X-Mock-Admin-Token`, when the mock is not on loopback.
   * @default none
   */
  readonly adminToken?: string;
  /**
   * Host names under which the admin API and the page may be called, beside `localhost` and plain addresses: a name
   * of a container, for example. Without a port.
   * @default none
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Serves HTTPS: with the given certificate, or with one made for this run and signed by itself.
   * @default false
   */
  readonly tls?: boolean | TlsCredentials;
  /**
   * Called for every journal entry, with the short hash of its namespace: a log. Must not throw.
   * @default none
   */
  readonly onEntry?: (entry: JournalEntry, namespaceId: string) => void;
}
