import { ENDPOINT, type GatewayRowId, type ResponseCode } from '@identity-verify/contract';
import type { ReceivedRequest } from '../auth/auth.types.js';
import type { PersonFields } from '../journal/journal.types.js';
import { parseForm, type Params } from '../wire/form.parser.js';

const [FORM_TYPE = ''] = ENDPOINT.contentType.split(';');

/** Returns true if the body is parsed as a form. One of the vendor's own clients sends no Content-Type. */
export function isForm(contentType: string | undefined): boolean {
  // Fast path: nearly every client sends exactly this value.
  if (contentType === undefined || contentType === ENDPOINT.contentType) return true;
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === FORM_TYPE;
}

/** Returns the parameters of a form body, or undefined for any other body. */
export function formOf(contentType: string | undefined, body: Buffer): Params | undefined {
  return isForm(contentType) ? parseForm(body) : undefined;
}

/** The question, or the scenario that reports its error. */
export type ReadQuestion =
  | { readonly ok: true; readonly person: PersonFields }
  | {
      readonly ok: false;
      readonly scenario: `gateway-${GatewayRowId}` | `code-${ResponseCode}`;
      readonly person?: PersonFields;
    };

const ID_NUMBER = /^\d{17}[\dXx]$/;
const MOBILE = /^1\d{10}$/;

/** Maximum length of a name, in UTF-16 units. */
const MAX_NAME = 100;

/** Maximum length of a field that is parsed and journalled, in UTF-16 units. */
const MAX_FIELD = 200;

/** Returns the three fields as received. A field that is far too long is truncated. */
export function personOf(form: Params): PersonFields {
  return { name: fieldOf(form, 'name'), idCard: fieldOf(form, 'idcard'), mobile: fieldOf(form, 'mobile') };
}

function fieldOf(form: Params, name: string): string {
  const value = form.get(name) ?? '';
  // Copies the part, because a substring keeps the whole string in memory.
  return value.length > MAX_FIELD ? Buffer.from(value.slice(0, MAX_FIELD)).toString() : value;
}

/**
 * Reads the three fields. The vendor does not document which code belongs to which error; the choice follows its
 * messages.
 */
export function readQuestion(request: ReceivedRequest): ReadQuestion {
  const contentType = request.headers['content-type'];
  if (!isForm(typeof contentType === 'string' ? contentType : undefined)) {
    return { ok: false, scenario: 'gateway-invalid-param-location' };
  }
  if (request.body.length === 0) return { ok: false, scenario: 'gateway-empty-request-body' };
  if (!request.form) return { ok: false, scenario: 'code-10002' };

  const person = personOf(request.form);
  if (person.name === '' || person.idCard === '' || person.mobile === '')
    return { ok: false, scenario: 'code-10003', person };
  if (person.name.length > MAX_NAME || !ID_NUMBER.test(person.idCard))
    return { ok: false, scenario: 'code-10004', person };
  if (!MOBILE.test(person.mobile)) return { ok: false, scenario: 'code-10007', person };
  return { ok: true, person };
}
