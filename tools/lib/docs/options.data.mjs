// @ts-check
/**
 * The options of one instance: name, default, what it does, in English and Chinese. Tests hold the names to
 * `IdentityVerifyOptions`, and the lifetimes to the defaults of the code.
 *
 * @type {readonly import('./options.data.mjs').OptionRow[]}
 */
export const OPTION_ROWS = [
  {
    name: 'credentials',
    standard: { en: 'required', zh: '必填' },
    en: '`{ appCode }`, `{ appKey, appSecret }` or `{ key }`; strings or functions',
    zh: '`{ appCode }`、`{ appKey, appSecret }` 或 `{ key }`；字符串或函数',
  },
  {
    name: 'baseUrl',
    standard: same('`https://sjsys.market.alicloudapi.com`'),
    en: 'scheme and host',
    zh: '协议和主机',
  },
  {
    name: 'allowInsecureHttp',
    standard: same('`false`'),
    en: 'allows http to another host than this machine',
    zh: '允许以 http 访问本机以外的主机',
  },
  {
    name: 'upstreamIsMock',
    standard: { en: '`true` for loopback', zh: '本机为 `true`' },
    en: 'test mobiles may be sent',
    zh: '允许发送测试手机号',
  },
  {
    name: 'deadlineMs',
    standard: same('`12_000`'),
    en: 'longest that one `verify` takes, all included',
    zh: '一次 `verify` 的总超时，含排队、账本和重试',
  },
  {
    name: 'attemptTimeoutMs',
    standard: same('`10_000`'),
    en: 'longest that one attempt takes',
    zh: '单次调用上游的超时',
  },
  {
    name: 'minAttemptMs',
    standard: same('`500`'),
    en: 'time that must be left before the deadline to send anything',
    zh: '距总超时不足这个时间就不再发送，也不计费',
  },
  {
    name: 'retry',
    standard: {
      en: '`max` 2, `baseMs` 100, `capMs` 1,000, `ratio` 0.1',
      zh: '`max` 2、`baseMs` 100、`capMs` 1,000、`ratio` 0.1',
    },
    en: 'repetition of what is proven unbilled',
    zh: '只重试确认未计费的调用',
  },
  {
    name: 'limiter',
    standard: { en: '`concurrency` 64, `queue` 256', zh: '`concurrency` 64、`queue` 256' },
    en: 'calls at once and waiting; `callsPerSecond` has no default',
    zh: '限流：并发数和排队数；`callsPerSecond` 默认不限',
  },
  {
    name: 'breaker',
    standard: { en: '`failures` 5, `openMs` 10,000', zh: '`failures` 5、`openMs` 10,000' },
    en: 'after `failures` failures in a row, no call is made for `openMs`',
    zh: '熔断：上游连续失败 `failures` 次后，暂停调用 `openMs`',
  },
  {
    name: 'lifetimes',
    standard: {
      en: '`matchMs` 24 h, `mismatchMs` 10 min, `noRecordMs` 5 min, `indeterminateMs` 1 min, `unknownMs` 1 min, `sameParameterBlockMs` 1 h',
      zh: '`matchMs` 24 小时、`mismatchMs` 10 分钟、`noRecordMs` 5 分钟、`indeterminateMs` 1 分钟、`unknownMs` 1 分钟、`sameParameterBlockMs` 1 小时',
    },
    en: 'how long answers are kept, ±10 %',
    zh: '核验结果的有效期，±10 %',
  },
  {
    name: 'latches',
    standard: { en: '`quotaMs` 300,000, `accessMs` 60,000', zh: '`quotaMs` 300,000、`accessMs` 60,000' },
    en: 'time between probes while the quota is used up, or the account refused',
    zh: '额度用尽或账户被拒后，账户闸门关闭多久放行一次探测',
  },
  {
    name: 'budget',
    standard: { en: '`fenPerCall` 42, no limit', zh: '`fenPerCall` 42，不限次数' },
    en: '`callsPerDay` and `callsPerMonth` in Asia/Shanghai; the price for reports',
    zh: '`callsPerDay`、`callsPerMonth` 按北京时间计；单价用于报表',
  },
  {
    name: 'subjectLimit',
    standard: {
      en: '`perIdNumber` 5, `perMobile` 5, `windowMs` 24 h',
      zh: '`perIdNumber` 5、`perMobile` 5、`windowMs` 24 小时',
    },
    en: 'different triples that may be tried; `false` for no limit',
    zh: '单人限次：同一身份证号或手机号可以尝试几种组合；`false` 为不限',
  },
  {
    name: 'pepper',
    standard: { en: 'one for this process', zh: '每个进程随机生成' },
    en: 'secret, or list of `{ kid, secret }`, under which ledger keys are made',
    zh: '计算账本键名的密钥，或 `{ kid, secret }` 的列表',
  },
  {
    name: 'acceptedDocuments',
    standard: { en: 'every kind', zh: '全部种类' },
    en: '`resident`, `hmt_permit`, `foreigner_permit`',
    zh: '`resident`、`hmt_permit`、`foreigner_permit`',
  },
  {
    name: 'codes',
    standard: { en: 'none', zh: '无' },
    en: 'response codes replaced or added; never to a match',
    zh: '替换或增加返回码；不能改成一致',
  },
  {
    name: 'replyContentTypes',
    standard: { en: '`application/json`, `text/json`', zh: '`application/json`、`text/json`' },
    en: 'media types under which a reply is read',
    zh: '按哪些媒体类型解析响应',
  },
  { name: 'ledger', standard: { en: 'in memory', zh: '内存' }, en: 'where questions are claimed', zh: '账本放在哪里' },
  {
    name: 'ledgerEntries',
    standard: same('`100_000`'),
    en: 'most answers, and open questions, in memory',
    zh: '内存账本最多保存多少条结果和进行中的调用',
  },
  { name: 'ledgerTimeoutMs', standard: same('`50`'), en: 'longest that the ledger may take', zh: '一次账本操作的超时' },
  {
    name: 'onStoreFailure',
    standard: same('`refuse`'),
    en: 'what happens to questions while a shared store fails: `refuse` or `local`',
    zh: '共享存储出故障时怎么处理：`refuse` 拒绝，`local` 由本进程内存接管',
  },
  {
    name: 'instances',
    standard: { en: "`1`, required with `onStoreFailure: 'local'`", zh: "`1`；`onStoreFailure: 'local'` 时必填" },
    en: 'most processes that share the store at the same time',
    zh: '同时共用存储的进程数上限',
  },
  {
    name: 'tenants',
    standard: { en: 'none', zh: '无' },
    en: 'a function that returns a tenant’s account',
    zh: '返回租户账户的函数',
  },
  {
    name: 'tenantCache',
    standard: { en: '`max` 1,000, `ttlMs` 60,000', zh: '`max` 1,000、`ttlMs` 60,000' },
    en: 'how many accounts are kept, and how long',
    zh: '缓存多少个租户账户，缓存多久',
  },
  {
    name: 'audit',
    standard: { en: 'none', zh: '无' },
    en: 'takes an entry for every question',
    zh: '接收每次核验的审计记录',
  },
  {
    name: 'onEvent',
    standard: { en: 'none', zh: '无' },
    en: 'takes questions, and changes of circuit, store, latches and budgets',
    zh: '接收每次核验，以及熔断、共享存储、账户闸门、预算的变化',
  },
  {
    name: 'denialFloorMs',
    standard: same('`0`'),
    en: 'shortest time after which the guard turns somebody away',
    zh: '守卫拒绝请求的最短耗时，避免从耗时推断原因',
  },
  {
    name: 'drainMs',
    standard: same('`deadlineMs` + 500'),
    en: 'longest that a shutdown waits for calls, `audit` and `onEvent`',
    zh: '停机时最多等待多久：进行中的调用、`audit` 和 `onEvent`',
  },
  {
    name: 'transport',
    standard: { en: '`HttpService`, hardened', zh: '加固后的 `HttpService`' },
    en: 'what carries requests',
    zh: '发送请求的组件',
  },
  { name: 'clock', standard: { en: 'the machine’s', zh: '系统时钟' }, en: 'for tests', zh: '供测试使用' },
  { name: 'random', standard: same('`Math.random`'), en: 'for tests', zh: '供测试使用' },
];

/** @param {string} text */
function same(text) {
  return { en: text, zh: text };
}
