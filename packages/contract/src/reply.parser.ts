import { parseStrictJson, type JsonFault } from './strict-json.parser.js';

/** A reply of the vendor with the documented shape. Other fields are omitted. */
export interface VerificationReply {
  readonly code: string;
  readonly message: string;
  /** `data.state`; absent if `data` is null or missing, or has no state. */
  readonly state?: string;
  /** The vendor's id of the call: unique and opaque, never parse it. Absent if it is blank. */
  readonly seqNo?: string;
}

/** The reason for which a body is not a reply. */
export type ReplyFault =
  JsonFault | 'not_an_object' | 'bad_code' | 'bad_message' | 'bad_data' | 'bad_state' | 'bad_seq_no';

export type ParsedReply =
  { readonly ok: true; readonly reply: VerificationReply } | { readonly ok: false; readonly fault: ReplyFault };

/**
 * Parses a reply body strictly. A field of another type than documented makes the whole reply unreadable instead of
 * being converted: the number `1` is not the state `"1"`.
 *
 * `message`, `data` and `seqNo` may be missing, because errors were seen without them. If present as an own field, each
 * must have its documented type. Unknown fields are allowed, because vendors add them.
 */
export function parseReply(body: Uint8Array): ParsedReply {
  const json = parseStrictJson(body);
  if (!json.ok) return json;
  const root = json.value;
  if (!isRecord(root)) return { ok: false, fault: 'not_an_object' };

  const code = own(root, 'code');
  if (typeof code !== 'string' || code === '') return { ok: false, fault: 'bad_code' };
  const message = own(root, 'message') ?? '';
  if (typeof message !== 'string') return { ok: false, fault: 'bad_message' };
  const seqNo = own(root, 'seqNo') ?? undefined;
  if (seqNo !== undefined && typeof seqNo !== 'string') return { ok: false, fault: 'bad_seq_no' };
  const hasSeqNo = seqNo !== undefined && /\S/.test(seqNo);
  const data = own(root, 'data') ?? undefined;
  if (data !== undefined && !isRecord(data)) return { ok: false, fault: 'bad_data' };
  const state = data && (own(data, 'state') ?? undefined);
  if (state !== undefined && typeof state !== 'string') return { ok: false, fault: 'bad_state' };

  return {
    ok: true,
    reply: { code, message, ...(state !== undefined && { state }), ...(hasSeqNo && { seqNo }) },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
