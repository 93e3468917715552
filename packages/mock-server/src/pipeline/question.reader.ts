import { ENDPOINT, type GatewayRowId, type ResponseCode } from '@identity-verify/contract';
import type { ReceivedRequest } from '../auth/auth.types.js';
import type { PersonFields } from '../journal/journal.types.js';
import { parseForm, type Params } from '../wire/form.parser.js';

const [FORM_TYPE = ''] = ENDPOINT.contentType.split(';');

/** Whether a body is to be read as a form. One of the vendor's own clients sends the form without a Content-Type. */
export function isForm(contentType: string | undefined): boolean {
  // Nearly every client sends exactly what the document shows.
  if (contentType === undefined || contentType === ENDPOINT.contentType) return true;
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === FORM_TYPE;
}

/** The parameters of a form body; undefined when it is none. */
export function formOf(contentType: string | undefined, body: Buffer): Params | undefined {
  return isForm(contentType) ? parseForm(body) : undefined;
}

/** The question, or the scenario that says what is wrong with it. */
export type ReadQuestion =
  | { readonly ok: true; readonly person: PersonFields }
  | {
      readonly ok: false;
      readonly scenario: `gateway-${GatewayRowId}` | `code-${ResponseCode}`;
      readonly person?: PersonFields;
    };

const ID_NUMBER = /^\d{17}[\dXx]$/;
const MOBILE = /^1\d{10}$/;

/** The longest name that is taken for one, in UTF-16 units. */
const MAX_NAME = 100;

/** The most of a field that is looked at and journalled, in UTF-16 units. */
const MAX_FIELD = 200;

/** The three fields of a form as they came; a field that is far too long for what it is to hold is cut. */
export function personOf(form: Params): PersonFields {
  return { name: fieldOf(form, 'name'), idCard: fieldOf(form, 'idcard'), mobile: fieldOf(form, 'mobile') };
}

function fieldOf(form: Params, name: string): string {
  const value = form.get(name) ?? '';
  // A copy: a part of a string keeps the whole of it in memory.
  return value.length > MAX_FIELD ? Buffer.from(value.slice(0, MAX_FIELD)).toString() : value;
}

/**
 * Reads the three fields. Which code the vendor gives for which mistake is not documented: this is the nearest reading
 * of its messages.
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
