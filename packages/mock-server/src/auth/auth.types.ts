import type { GatewayRowId } from '@identity-verify/contract';
import type { CredentialChannel } from '../journal/journal.types.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Params } from '../wire/form.parser.js';

/** The parts of a request that authentication uses. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query exactly as in the request line. */
  readonly url: string;
  /** Header names in lower case, as in node:http. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** The parameters of the form body; undefined if the body is not a form or cannot be decoded. */
  readonly form: Params | undefined;
}

/** The authenticated caller, or the gateway row of the refusal. */
export type Authentication =
  | { readonly ok: true; readonly channel: CredentialChannel; readonly namespace: NamespaceState }
  | {
      readonly ok: false;
      readonly rowId: GatewayRowId;
      /** `X-Ca-Error-Message`, if it differs from the message of the row. */
      readonly message?: string;
      /** The namespace of a known AppKey whose signature failed. The refusal is recorded in its journal. */
      readonly namespace?: NamespaceState;
    };
