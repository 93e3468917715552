/**
 * Radicals of the CJK Radicals Supplement (U+2E80–2EFF), each followed by its ideograph: EquivalentUnifiedIdeograph.txt
 * of the Unicode Character Database, version 17.0. Left out are U+2E9F and U+2EF3, and the Kangxi radicals
 * (U+2F00–2FDF): their compatibility decompositions are the same ideographs. U+2E80 has no equivalent.
 */
const SUPPLEMENT =
  '⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕𫜹⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀';

const EQUIVALENTS = new Map(
  Array.from(SUPPLEMENT.matchAll(/(.)(.)/gu), ([, radical = '', ideograph = '']) => [radical, ideograph]),
);

/** Puts the ideograph in the place of each radical (U+2E80–2FDF) that has one by Unicode's own data; keeps the others. */
export function withoutRadicals(text: string): string {
  return text.replace(/[\u2e80-\u2fdf]/g, (radical) => EQUIVALENTS.get(radical) ?? radical.normalize('NFKC'));
}
