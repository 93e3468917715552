/** An amount as the page writes it. The only place that knows the currency. @param {number} fen 1/100 CNY */
export const money = (fen) => `¥${(fen / 100).toFixed(2)}`;
