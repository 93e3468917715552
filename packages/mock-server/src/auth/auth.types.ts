import type { GatewayRowId } from '@identity-verify/contract';
import type { CredentialChannel } from '../journal/journal.types.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Params } from '../wire/form.parser.js';

/** A request with its body, as far as authentication looks at it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly url: string;
  /** Header names in lower case, as node:http gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** The body's parameters; undefined when it is not a form or cannot be decoded. */
  readonly form: Params | undefined;
}

/** Who is calling, or the gateway row that says why nobody knows. */
export type Authentication =
  | { readonly ok: true; readonly channel: CredentialChannel; readonly namespace: NamespaceState }
  | {
      readonly ok: false;
      readonly rowId: GatewayRowId;
      /** The whole `X-Ca-Error-Message`, where it is not the row's own. */
      readonly message?: string;
      /** The namespace of a known AppKey whose signature failed: there the refusal is journalled. */
      readonly namespace?: NamespaceState;
    };
