/** Formats an amount. Only this file knows the currency. @param {number} fen 1/100 CNY */
export const money = (fen) => `¥${(fen / 100).toFixed(2)}`;
