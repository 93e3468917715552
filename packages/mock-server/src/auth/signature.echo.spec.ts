import { ENDPOINT, TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { parseForm } from '../wire/form.parser.js';
import { echoed } from './signature.echo.js';

const [{ name, idCard, mobile }] = TEST_POPULATION;

function echoOf(headers: Record<string, string>, form: string, url: string = ENDPOINT.path): string {
  const body = Buffer.from(form);
  return echoed({ method: 'POST', url, headers, body, form: parseForm(body) }, 'masked');
}

describe('the string to sign in a refusal', () => {
  it('keeps names that the API knows, and masks their values', () => {
    const fields = new URLSearchParams({ name, idcard: idCard, mobile, key: 'a-secret', other: 'free text' });
    expect(echoOf({}, fields.toString())).toBe(
      `POST#####${ENDPOINT.path}?idcard=1*** … ***4&key=***&mobile=160******01&name=测*&***=***`,
    );
  });

  it('keeps the names of empty parameters, and of no others', () => {
    expect(echoOf({}, 'name=&key=&other=')).toBe(`POST#####${ENDPOINT.path}?key&name&***`);
  });

  it('keeps the names of the headers that the gateway uses', () => {
    const names = ['X-Ca-Key', 'X-Ca-Nonce', 'X-Ca-Stage', 'X-Ca-Timestamp', 'X-Ca-Signature-Method', 'X-Other'];
    const headers = Object.fromEntries(names.map((each) => [each.toLowerCase(), 'a value']));
    const echo = echoOf({ ...headers, 'x-ca-signature-headers': names.join(',') }, '');
    for (const each of names.slice(0, -1)) expect(echo).toContain(`${each}:***`);
    expect(echo).not.toContain('Other');
    expect(echo).not.toContain('a value');
  });

  it.each([
    ['*/*', '*/*'],
    ['application/json; charset=utf-8', 'application/json; charset=utf-8'],
    ['text/html, application/json', 'text/html, application/json'],
    ['application/json, 测试甲', '***'],
    ['x application/json', '***'],
    ['application/json x', '***'],
  ])('shows the media type %s as %s', (type, shown) => {
    expect(echoOf({ accept: type, 'content-type': type }, '')).toBe(`POST#${shown}##${shown}##${ENDPOINT.path}`);
  });

  it('masks what else stands on a line, and another path', () => {
    expect(echoOf({ 'content-md5': '测试甲', date: '16000020001' }, '', '/测试甲')).toBe('POST##***##***#/***');
  });
});
