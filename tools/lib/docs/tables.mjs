import { GATEWAY_FAMILIES, GATEWAY_ROWS, MEANINGS, NO_STATE, RESPONSE_CODES, STATES } from '@identity-verify/contract';
import { ERROR_TEXTS_ZH } from './error-texts.zh.mjs';
import { GLOSSARY } from './glossary.data.mjs';
import { OPTION_ROWS } from './options.data.mjs';

const BILLED_ZH = { yes: '已计费', no: '未计费', unknown: '计费未知' };
const RETRY_EN = {
  never: 'no',
  safe: 'yes',
  ambiguous: 'never by itself',
  days_later: 'days later',
  not_today: 'not today',
};
const RETRY_ZH = { never: '否', safe: '是', ambiguous: '不自动重试', days_later: '数天后', not_today: '当天不再重试' };

/**
 * The generated parts of READMEs and pages: what stands between `<!-- table: NAME -->` and `<!-- end -->`. One generator, so
 * that a table is the same wherever it is shown.
 *
 * @param {typeof import('@identity-verify/nestjs')} nestjs
 */
export function documentTables({ ERROR_CODES, REFUSAL_REASONS, REFUSAL_REASONS_ZH }) {
  const errors = Object.entries(ERROR_CODES);
  const yes = (value, language) => (language === 'zh' ? (value ? '可以' : '不可') : value ? 'yes' : 'no');
  const textOf = (code, { title, remedy }, language) => (language === 'zh' ? ERROR_TEXTS_ZH[code] : { title, remedy });
  return {
    options: {
      en: table(
        ['option', 'default', 'what it does'],
        OPTION_ROWS.map((row) => [code(row.name), row.standard.en, row.en]),
      ),
      zh: table(
        ['选项', '默认值', '作用'],
        OPTION_ROWS.map((row) => [code(row.name), row.standard.zh, row.zh]),
      ),
    },
    reasons: {
      en: table(
        ['reason', 'sentence'],
        Object.entries(REFUSAL_REASONS).map(([reason, text]) => [code(reason), text]),
      ),
      zh: table(
        ['原因', '说明'],
        Object.entries(REFUSAL_REASONS_ZH).map(([reason, text]) => [code(reason), text]),
      ),
    },
    codes: {
      en: table(['code', 'message of the vendor', ...VERDICT_EN], vendorRows('en')),
      zh: table(['返回码', '供应商原文', ...VERDICT_ZH], vendorRows('zh')),
    },
    gateway: {
      en: table(['code of the gateway', 'message', ...VERDICT_EN], gatewayRows('en')),
      zh: table(['网关错误码', '原文', ...VERDICT_ZH], gatewayRows('zh')),
    },
    glossary: {
      en: table(
        ['term', 'Chinese', 'meaning'],
        GLOSSARY.map((term) => [term.en, term.zh, term.meaning]),
      ),
      zh: table(
        ['术语', '英文', '含义'],
        GLOSSARY.map((term) => [term.zh, term.en, term.meaningZh]),
      ),
    },
    errors: {
      en: errors
        .map(([name, row]) =>
          errorSection(
            name,
            row,
            textOf(name, row, 'en'),
            [
              `HTTP ${row.httpStatus}`,
              `billed: ${row.billed}`,
              `safe to ask again: ${yes(row.retryable, 'en')}`,
              `category \`${row.category}\``,
            ].join(' · '),
          ),
        )
        .join('\n\n'),
      zh: errors
        .map(([name, row]) =>
          errorSection(
            name,
            row,
            textOf(name, row, 'zh'),
            [
              `HTTP ${row.httpStatus}`,
              BILLED_ZH[row.billed],
              `安全重试：${yes(row.retryable, 'zh')}`,
              `类别 \`${row.category}\``,
            ].join(' · '),
          ),
        )
        .join('\n\n'),
    },
  };
}

const VERDICT_EN = ['meaning', 'billed', 'repeat', 'HTTP'];
const VERDICT_ZH = ['含义', '计费', '可重试', 'HTTP'];

/** A row: the cells of a code, then what it means, in the order of the headings above. */
function row(cells, verdict, language) {
  const meaning = MEANINGS[verdict.kind === 'answer' ? verdict.outcome : verdict.category];
  return language === 'zh'
    ? [...cells, meaning.zh, BILLED_ZH[verdict.billed], RETRY_ZH[verdict.retry], verdict.httpStatus]
    : [...cells, meaning.en, verdict.billed, RETRY_EN[verdict.retry], verdict.httpStatus];
}

function vendorRows(language) {
  const [comma, noState] =
    language === 'zh' ? ['，', '`data` 为 null 或没有 state'] : [', ', 'no `data`, or no known state'];
  return RESPONSE_CODES.flatMap((response) => {
    const { code: name, message } = response;
    if (response.kind !== 'by_state') return [row([name, message], response, language)];
    return [
      STATES.map((state) => row([`${name}${comma}state ${state.state}`, message], state, language)),
      [row([`${name}${comma}${noState}`, message], NO_STATE, language)],
    ].flat();
  });
}

function gatewayRows(language) {
  const other = language === 'zh' ? '其他' : 'other';
  return [
    ...GATEWAY_ROWS.map((answer) => {
      const { errorCodes, message } = answer;
      return row([errorCodes.join(' '), message === '' ? '' : code(message)], answer, language);
    }),
    ...GATEWAY_FAMILIES.map((family) => row([`${other} ${code(`${family.codePrefix}…`)}`, ''], family, language)),
  ];
}

/** An anchor for `helpUrl`, in the letters of the code, beside the anchor of the heading, which renderers write small. */
function errorSection(name, _row, { title, remedy }, facts) {
  const period = /[。.]$/.test(title) ? '' : /\p{Script=Han}/u.test(title) ? '。' : '.';
  return `<a id="${name}"></a>\n\n### ${name}\n\n${title}${period}${period === '.' ? ' ' : ''}${remedy}\n\n${facts}`;
}

const MARKED = /(<!-- table: ([\w-]+) -->\n)[^]*?(<!-- end -->)/g;

/**
 * Writes every generated part of a page anew.
 *
 * @param {string} page the text of the page
 * @param {'en' | 'zh'} language
 * @param {ReturnType<typeof documentTables>} tables
 */
export function withTables(page, language, tables) {
  return page.replaceAll(MARKED, (_all, begin, name, end) => {
    const generated = tables[name]?.[language];
    if (generated === undefined)
      throw new Error(`No table is called "${name}". There are: ${Object.keys(tables).join(', ')}.`);
    return `${begin}\n${generated}\n\n${end}`;
  });
}

function code(text) {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text}${fence}`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
