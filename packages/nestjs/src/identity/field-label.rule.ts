import { MAX_INPUT_LENGTH, toHalfWidth, WHITE_SPACE, withoutIgnored } from './pasted-text.rule.js';

// Colons of several scripts, and the equals sign.
const SEPARATOR = /[:=\u02d0\u2236\ua789\ufe13\ufe30\ufe55]/;

const OPENING = '(\\[{<【〔「『《〖〈';

// Labels of forms, with the spaces that forms print between their characters.
const NAME_WORDS = ['真实姓名', '中文姓名', '中文名', '姓名', '名字', '名称', '名稱', '全名'].map((word) =>
  Array.from(word).join(' ?'),
);
const HAN_NAME_LABEL = new RegExp(`^[${OPENING} ]*(?:${NAME_WORDS.join('|')})(?![\\p{L}\\p{M}])`, 'u');
const LATIN_NAME_LABEL = new RegExp(
  `^[${OPENING} ]*(?:surname|(?:(?:full|real|legal|chinese|your|my|first|last|given|family) )?names?)(?![\\p{L}\\p{M}'\u2019-])`,
  'u',
);
const NAME_LEAD =
  /(?:姓名|名字|名称|名稱|名|姓|人|者|客户|客戶|用户|用戶|员工|員工|names?|applicant|customer|holder|person|user)[ )\]】〕」』》〗〉]*$/;
const MAX_LEAD_LENGTH = 32;
const PLAIN = /^[\u4e00-\u9fff]+$/;

const HAN_NUMBER_LABEL = /手机|手機|电话|電話|联系|聯繫|移动|移動|号码|號碼|身份|证件|證件|证号|證號/;
const LATIN_NUMBER_LABEL = /\b(?:mobile|telephone|tel|phone|cell|cellphone|id|idcard|identity|card|number|no|sfz)\b/;

/** Whether a label such as `姓名：` stands in front of a name, or instead of it. */
export function isLabelledName(input: string): boolean {
  if (PLAIN.test(input)) return HAN_NAME_LABEL.test(input);
  const text = readable(input);
  if (HAN_NAME_LABEL.test(text) || LATIN_NAME_LABEL.test(text)) return true;
  const colon = text.search(SEPARATOR);
  return colon > 0 && colon <= MAX_LEAD_LENGTH && NAME_LEAD.test(text.slice(0, colon));
}

/** Whether a label such as `手机号：` or `ID` stands in front of the first digit, or there is no digit. */
export function isLabelledNumber(input: string): boolean {
  const text = readable(input);
  const digit = text.search(/\p{N}/u);
  const lead = digit < 0 ? text : text.slice(0, digit);
  if (HAN_NUMBER_LABEL.test(lead.replaceAll(' ', '')) || LATIN_NUMBER_LABEL.test(lead)) return true;
  const colon = lead.search(SEPARATOR);
  return colon > 0 && /\p{L}/u.test(lead.slice(0, colon));
}

function readable(input: string): string {
  return toHalfWidth(withoutIgnored(input) ?? input.slice(0, MAX_INPUT_LENGTH))
    .replace(WHITE_SPACE, ' ')
    .trim()
    .toLowerCase();
}
