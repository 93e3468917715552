/**
 * Formats an amount. Only this function knows the currency.
 *
 * @param {number} fen 1/100 CNY
 */
export const money = (fen) => `¥${(fen / 100).toFixed(2)}`;

/**
 * Formats a whole number with separators: 12,000.
 *
 * @param {number} n
 */
export const count = (n) => String(n).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');

/** @type {Record<string, readonly (readonly [unit: string, ms: number])[]>} */
const UNITS = {
  en: [
    [' d', 86_400_000],
    [' h', 3_600_000],
    [' min', 60_000],
    [' s', 1000],
  ],
  'zh-CN': [
    [' 天', 86_400_000],
    [' 小时', 3_600_000],
    [' 分', 60_000],
    [' 秒', 1000],
  ],
};

/**
 * Formats a duration in the unit that people read: `0.42 ms`, `380 ms`, `1.5 s`, `2 min 5 s`, `3 h`, `10 d`.
 *
 * @param {number} ms
 * @param {string} locale `en` or `zh-CN`
 */
export function duration(ms, locale = 'en') {
  if (ms < 10) return `${trimmed(ms.toFixed(2))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const units = UNITS[locale] ?? UNITS['en'] ?? [];
  const second = units.at(-1)?.[0];
  if (ms < 59_950) return `${trimmed((ms / 1000).toFixed(1))}${second}`;
  // Rounded to the second first, so that no part ever becomes 60.
  let rest = Math.round(ms / 1000) * 1000;
  const parts = [];
  for (const [unit, length] of units) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    // The second part is the last that is worth reading.
    if (whole > 0) parts.push(`${whole}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** @param {string} decimal */
const trimmed = (decimal) => decimal.replace(/\.?0+$/, '');

/**
 * Formats a time of day: `14:03:09`.
 *
 * @param {string | number | Date} at
 * @param {string} locale
 */
export const timeOfDay = (at, locale) => new Date(at).toLocaleTimeString(locale, { hour12: false });

/**
 * Formats a time with its date.
 *
 * @param {string | number | Date} at
 * @param {string} locale
 */
export const dateTime = (at, locale) => new Date(at).toLocaleString(locale, { hour12: false });
