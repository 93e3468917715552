import { describe, expect, it } from '@jest/globals';
import { formOf, isForm, readQuestion } from './question.reader.js';

const GOOD = { name: '测试甲', idcard: '110101190001010014', mobile: '16000020001' };
const read = (body: string, contentType: string | undefined = 'application/x-www-form-urlencoded') => {
  const bytes = Buffer.from(body);
  const headers = contentType === '' ? {} : { 'content-type': contentType };
  const form = formOf(contentType === '' ? undefined : contentType, bytes);
  const question = readQuestion({ method: 'POST', url: '/', headers, body: bytes, form });
  return question.ok ? question.person : question.scenario;
};
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

describe('reading the question', () => {
  it('reads the three fields, even from a form without its content type', () => {
    const person = { name: GOOD.name, idCard: GOOD.idcard, mobile: GOOD.mobile };
    expect(read(form(GOOD))).toEqual(person);
    expect(read(form(GOOD), '')).toEqual(person);
    expect(isForm('Application/X-WWW-Form-Urlencoded ; charset=UTF-8')).toBe(true);
  });

  it.each([
    ['JSON', JSON.stringify(GOOD), 'application/json', 'gateway-invalid-param-location'],
    ['nothing', '', undefined, 'gateway-empty-request-body'],
    ['bytes that are no form', 'name=%ff', undefined, 'code-10002'],
    ['a missing field', form({ name: GOOD.name, idcard: GOOD.idcard }), undefined, 'code-10003'],
    ['an empty field', form({ ...GOOD, name: '' }), undefined, 'code-10003'],
    ['15 digits', form({ ...GOOD, idcard: '110101000101001' }), undefined, 'code-10004'],
    ['an endless name', form({ ...GOOD, name: '长'.repeat(101) }), undefined, 'code-10004'],
    ['a short mobile', form({ ...GOOD, mobile: '1600002000' }), undefined, 'code-10007'],
    ['a mobile with a newline', form({ ...GOOD, mobile: '16000020001\n' }), undefined, 'code-10007'],
  ])('answers %s with a documented scenario', (_, body, contentType, scenario) => {
    expect(read(body, contentType)).toBe(scenario);
  });
});
