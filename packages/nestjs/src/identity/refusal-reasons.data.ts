/** A sentence for a person, in English and in Chinese. */
interface Sentence {
  readonly en: string;
  readonly zh: string;
}

const NAME = {
  name_required: { en: 'The name is missing.', zh: '请填写姓名。' },
  name_type: { en: 'The name must be a string.', zh: '姓名必须是字符串。' },
  name_length: { en: 'A name has 2 to 50 characters.', zh: '姓名应为 2 到 50 个字。' },
  name_label: {
    en: 'A label such as “Name:” stands in front of the name; enter the name alone.',
    zh: '姓名前带有“姓名：”之类的标签，请只填写姓名本身。',
  },
  name_invisible_character: {
    en: 'The name contains an invisible or broken character; type the name again instead of pasting it.',
    zh: '姓名中含有不可见或已损坏的字符，请不要粘贴，重新手动输入。',
  },
  name_private_use: {
    en: 'The name contains a private-use character, which other systems show as something else. Enter the character as it is in Unicode, by a current input method.',
    zh: '姓名中含有自造字，在其他系统中会显示为别的字，请用当前的输入法重新输入。',
  },
  name_radical: {
    en: 'The name contains a radical or a stroke instead of a whole character, as copies from PDF files do; type the character.',
    zh: '姓名中含有部首或笔画，而不是完整的汉字（从 PDF 复制时常见），请重新输入该字。',
  },
  name_numeral: {
    en: 'The name contains a Suzhou (Hangzhou) numeral, which no name on an identity document has.',
    zh: '姓名中含有苏州码子（〡〢〣等），证件姓名中不会出现。',
  },
  name_other_script: {
    en: 'The name contains letters of another script or style, some of which look like Latin letters or Chinese characters.',
    zh: '姓名中混入了其他文字或样式的字母，它们可能与汉字或拉丁字母外形相似。',
  },
  name_marks: {
    en: 'The name contains a combining mark where none belongs, or too many on one letter.',
    zh: '姓名中的附加符号位置不对，或在一个字母上叠加过多。',
  },
  name_punctuation: {
    en: 'The name contains a dot, comma, hyphen or apostrophe where none belongs.',
    zh: '姓名中的间隔点、逗号、连字符或撇号位置不对。',
  },
  name_characters: {
    en: 'The name contains characters that no name on an identity document has, or mixes Latin letters with Chinese characters.',
    zh: '姓名中含有证件姓名中不会出现的字符，或混用了汉字与拉丁字母。',
  },
  name_latin_not_accepted: {
    en: 'A name in Latin letters is accepted only together with the permit of a foreigner.',
    zh: '只有外国人永久居留身份证可以使用拉丁字母姓名。',
  },
} as const satisfies Record<string, Sentence>;

const ID_NUMBER = {
  id_number_required: { en: 'The ID number is missing.', zh: '请填写身份证号。' },
  id_number_type: { en: 'The ID number must be a string.', zh: '身份证号必须是字符串。' },
  id_number_label: {
    en: 'A label such as “ID number:” stands in front of the ID number; enter the number alone.',
    zh: '身份证号前带有“身份证号：”之类的标签，请只填写号码本身。',
  },
  id_number_invisible_character: {
    en: 'The ID number contains an invisible or broken character; type the number again instead of pasting it.',
    zh: '身份证号中含有不可见或已损坏的字符，请不要粘贴，重新手动输入。',
  },
  id_number_x: {
    en: 'The last character of the ID number looks like an X but is another character; enter the letter X.',
    zh: '身份证号最后一位看起来像 X，实际是其他字符，请输入英文字母 X。',
  },
  id_number_digits: {
    en: 'The ID number contains digits of another script or style; enter the digits 0 to 9.',
    zh: '身份证号中含有其他文字或样式的数字，请输入 0 到 9。',
  },
  id_number_fifteen_digits: {
    en: 'ID numbers of 15 digits are no longer valid; enter the 18 characters of the current card.',
    zh: '15 位身份证号已失效，请填写现行证件的 18 位号码。',
  },
  id_number_format: {
    en: 'The ID number has 18 characters and no others: 17 digits, then a digit or X.',
    zh: '身份证号为 18 位，不含其他字符：17 位数字加一位数字或 X。',
  },
  id_number_region: {
    en: 'The ID number does not begin with the code of a province or of a permit.',
    zh: '身份证号开头不是省级代码或居住证代码。',
  },
  id_number_birth_date: {
    en: 'The ID number does not contain a possible date of birth.',
    zh: '身份证号中的出生日期不可能存在。',
  },
  id_number_check_character: {
    en: 'The last character of the ID number does not fit the others; look for a typing error.',
    zh: '身份证号最后一位校验码不符，请检查是否输错。',
  },
  id_number_kind: { en: 'This kind of document is not accepted here.', zh: '此处不接受这种证件。' },
} as const satisfies Record<string, Sentence>;

const MOBILE = {
  mobile_required: { en: 'The mobile number is missing.', zh: '请填写手机号。' },
  mobile_type: { en: 'The mobile number must be a string.', zh: '手机号必须是字符串。' },
  mobile_label: {
    en: 'A label such as “Mobile:” stands in front of the mobile number; enter the number alone.',
    zh: '手机号前带有“手机号：”之类的标签，请只填写号码本身。',
  },
  mobile_invisible_character: {
    en: 'The mobile number contains an invisible or broken character; type the number again instead of pasting it.',
    zh: '手机号中含有不可见或已损坏的字符，请不要粘贴，重新手动输入。',
  },
  mobile_digits: {
    en: 'The mobile number contains digits of another script or style; enter the digits 0 to 9.',
    zh: '手机号中含有其他文字或样式的数字，请输入 0 到 9。',
  },
  mobile_format: {
    en: 'A mainland mobile number has 11 digits and nothing else, and begins with 13 to 19.',
    zh: '内地手机号为 11 位数字，不含其他字符，以 13 至 19 开头。',
  },
  mobile_reserved: {
    en: 'This number is reserved for tests and is not sent to a real upstream.',
    zh: '该号码仅供测试，不会发给真实上游。',
  },
} as const satisfies Record<string, Sentence>;

export type NameReason = keyof typeof NAME;
export type IdNumberReason = keyof typeof ID_NUMBER;
export type MobileReason = keyof typeof MOBILE;

/** Every reason for which an identity can be refused before anything is sent. */
export type RefusalReason = NameReason | IdNumberReason | MobileReason;

const REASONS: Readonly<Record<RefusalReason, Sentence>> = { ...NAME, ...ID_NUMBER, ...MOBILE };

/** The English sentence for a person that belongs to each reason. */
export const REFUSAL_REASONS: Readonly<Record<RefusalReason, string>> = sentences('en');

/** The Chinese sentence for a person that belongs to each reason. */
export const REFUSAL_REASONS_ZH: Readonly<Record<RefusalReason, string>> = sentences('zh');

function sentences(language: keyof Sentence): Record<RefusalReason, string> {
  const entries = Object.entries(REASONS).map(([reason, sentence]) => [reason, sentence[language]]);
  return Object.fromEntries(entries) as Record<RefusalReason, string>;
}
