// @ts-check
/**
 * The terms of the project in both languages. Pages, READMEs, user interfaces and errors use `zh` and `en`, and none of the
 * forbidden variants: test/rules/glossary.spec.ts finds them. `docs/reference/glossary.md` is generated from here.
 *
 * @type {readonly import('./glossary.data.mjs').GlossaryTerm[]}
 */
export const GLOSSARY = [
  {
    en: 'three-element verification',
    zh: '三要素核验',
    meaning: 'Checks whether a name, an ID number and a mobile belong to one person.',
    meaningZh: '核对姓名、身份证号、手机号是否属于同一个人。',
    forbidden: ['three-factor verification', 'three-elements verification'],
    forbiddenZh: ['三要素验证', '三要素认证', '三因素', '三元素', '三要素实名'],
  },
  {
    en: 'question',
    zh: '核验请求',
    meaning:
      'One call of `verify`. Two questions with the same normalised name, ID number and mobile are the same question.',
    meaningZh: '一次 `verify` 调用。姓名、身份证号、手机号规范化后完全相同的，视为同一个核验请求。',
    forbiddenZh: ['询问', '提问', '同一个问题', '同一问题', '该问题', '这个问题', '发问'],
  },
  {
    en: 'outcome',
    zh: '核验结果',
    meaning:
      'What `verify` returns: `match`, `mismatch`, `no_record` or `indeterminate`. Only `match` lets a person through.',
    meaningZh:
      '`verify` 的返回值：一致（`match`）、不一致（`mismatch`）、查无记录（`no_record`）、无法判定（`indeterminate`）。只有一致才放行。',
    forbiddenZh: ['查询无结果', '未查到记录', '不匹配', '不能判定', '无法确定'],
    exceptZh: ['10001 查询无结果', '| 10001 | 查询无结果'],
  },
  {
    en: 'request coalescing',
    zh: '请求合并',
    meaning: 'The same question asked while its call is under way waits for that call, and pays nothing.',
    meaningZh: '同一个核验请求正在调用上游时，后来的请求等待并共用这次调用的结果，不另外付费。',
    forbidden: ['request collapsing', 'piggyback'],
    forbiddenZh: ['请求折叠', '请求归并', '搭车', '合流'],
  },
  {
    en: 'ledger',
    zh: '账本',
    meaning:
      'The store of answers, calls under way, doubts, spent calls and latches. In memory, in a SQLite file, or on Redis.',
    meaningZh: '保存核验结果、进行中的调用、存疑记录、已用次数和账户闸门的存储，可以放在内存、SQLite 文件或 Redis 中。',
    forbiddenZh: ['账簿', '帐本', '分类账', '台账', '记账本'],
  },
  {
    en: 'claim',
    zh: '预占',
    meaning:
      'Asks the ledger whether a question may be sent; reserves one call of the budget when it may. One atomic step.',
    meaningZh: '发送前向账本申请：允许发送时，同时预留一次预算。一步原子操作。',
    forbiddenZh: ['认领', '申领', '占用'],
    exceptZh: ['占用内存', '占用服务器', '占用 CPU'],
  },
  {
    en: 'settle',
    zh: '结算',
    meaning: 'Writes the end of a call that was sent: its outcome or error, and whether it is counted as paid.',
    meaningZh: '调用结束后写回账本：结果或错误，以及是否按已计费处理。',
    forbiddenZh: ['清账', '了结'],
  },
  {
    en: 'release',
    zh: '释放',
    meaning: 'Takes a claim back of which nothing was sent.',
    meaningZh: '没有发出任何字节时撤销预占，归还次数。',
    forbiddenZh: ['归回', '撤回授予'],
  },
  {
    en: 'in doubt',
    zh: '存疑',
    meaning:
      'A call may have been paid for, and its answer is lost. The question is refused with `IDV_IN_DOUBT` for `lifetimes.unknownMs`.',
    meaningZh: '调用可能已经计费，但结果丢失。`lifetimes.unknownMs` 之内再次核验返回 `IDV_IN_DOUBT`，不会自动重发。',
    forbidden: ['in question'],
    forbiddenZh: ['结果不明', '悬而未决', '有疑问的', '结果未知'],
  },
  {
    en: 'billed',
    zh: '计费',
    meaning: '`yes`, `no` or `unknown`. Unknown is counted as paid.',
    meaningZh: '`yes` 已计费、`no` 未计费、`unknown` 计费未知。计费未知按已计费处理。',
    forbiddenZh: ['收费未知', '计费不明', '是否收费不明'],
  },
  {
    en: 'budget',
    zh: '预算',
    meaning:
      'The most paid calls in a day and in a month, by the calendar of Asia/Shanghai. Reserved before anything is sent.',
    meaningZh: '每天、每月付费调用的次数上限，按北京时间计。发送前先预占，不会超支。',
    forbiddenZh: ['预算额', '开支上限'],
  },
  {
    en: 'quota',
    zh: '额度',
    meaning: 'The balance or the calls left at the vendor. When it is used up, the vendor answers 10009 or 10010.',
    meaningZh: '在供应商处剩余的余额或次数。用尽时返回 10009 或 10010。',
    forbiddenZh: ['配额'],
  },
  {
    en: 'account latch',
    zh: '账户闸门',
    meaning:
      'Closes when the quota is used up or the account is refused, and stops every call of that account. Opened by a probe or by `reopen()`.',
    meaningZh: '额度用尽或账户被拒时关闭，暂停该账户的全部调用；探测成功或调用 `reopen()` 后打开。',
    forbiddenZh: ['闩', '门闩', '锁存'],
  },
  {
    en: 'circuit breaker',
    zh: '熔断',
    meaning: 'Stops every call to an upstream that keeps failing, until a probe succeeds.',
    meaningZh: '上游连续失败后暂停调用，直到探测成功。',
    forbiddenZh: ['断路器', '断路', '回路', '电路', '保险丝'],
  },
  {
    en: 'probe',
    zh: '探测',
    meaning:
      'The one call that a closed latch or an open circuit lets through to find out whether the upstream works again.',
    meaningZh: '熔断或闸门关闭期间放行的一次调用，用来确认上游是否恢复。',
    forbiddenZh: ['试探', '试一试', '摸底'],
  },
  {
    en: 'rate limit',
    zh: '限流',
    meaning:
      'The limit of calls at once or per second: of this module (`limiter`) or of the gateway (`IDV_RATE_LIMITED`).',
    meaningZh: '并发数或每秒次数的上限：本模块的 `limiter`，或网关的限流（`IDV_RATE_LIMITED`）。',
    forbiddenZh: ['速率限制', '流量受限', '节流', '限速', '流控'],
  },
  {
    en: 'subject limit',
    zh: '单人限次',
    meaning:
      'The most different triples for one ID number or one mobile in a window. It stops the guessing of identities.',
    meaningZh: '同一身份证号或同一手机号，在一段时间内最多尝试多少种不同组合，防止撞库。',
    forbiddenZh: ['主体限制', '主体窗口', '主体上限', '同一人次数限制'],
  },
  {
    en: 'lifetime',
    zh: '有效期',
    meaning: 'How long an answer is kept in the ledger and used again.',
    meaningZh: '核验结果在账本中保留并复用的时间。',
    forbiddenZh: ['寿命', '生命期', '存续期', '生存时间'],
  },
  {
    en: 'hit',
    zh: '命中',
    meaning: 'A question that the ledger answers. It costs nothing.',
    meaningZh: '账本里有未过期的结果，直接返回，不付费。',
    forbiddenZh: ['击中', '打中'],
  },
  {
    en: 'upstream',
    zh: '上游',
    meaning: 'The paid API: the vendor behind its gateway.',
    meaningZh: '付费接口：网关，以及网关后面的供应商。',
    forbiddenZh: ['有病', '生病', '打扰', '病了'],
  },
  {
    en: 'mock upstream',
    zh: '模拟上游',
    meaning: 'The local server that stands in for the upstream in development and tests.',
    meaningZh: '开发和测试时代替上游的本地服务。',
    forbiddenZh: ['替身', '假上游', '仿真上游', '仿冒'],
  },
  {
    en: 'instance',
    zh: '实例',
    meaning:
      'One registration of the module, with options, budget and breaker of its own. Not a process: a process is a replica.',
    meaningZh: '模块的一次注册，有自己的选项、预算和熔断。不是进程：多个进程称为多副本。',
    forbiddenZh: ['实体化'],
  },
  {
    en: 'tenant',
    zh: '租户',
    meaning: 'A customer of the application with an account and a budget of its own.',
    meaningZh: '应用的客户，有自己的账户和预算。',
    forbiddenZh: ['承租人', '租客'],
  },
  {
    en: 'account',
    zh: '账户',
    meaning: 'The account at the vendor: credentials and balance.',
    meaningZh: '在供应商处开通的账户：凭证和余额。',
    forbiddenZh: ['帐户', '帐号', '账号'],
  },
  {
    en: 'credentials',
    zh: '凭证',
    meaning: 'AppCode, AppKey with AppSecret, or key.',
    meaningZh: 'AppCode、AppKey 加 AppSecret，或 key。',
    forbiddenZh: ['凭据', '资格证'],
  },
  {
    en: 'pepper',
    zh: 'pepper',
    meaning: 'The secret under which ledger keys are made. Without it nobody can tell who a key stands for.',
    meaningZh: '计算账本键名所用的密钥。没有它，无法从键名反推是谁。',
    forbiddenZh: ['胡椒', '佩珀'],
  },
  {
    en: 'seqNo',
    zh: '流水号',
    meaning: 'The vendor’s number of a call. The vendor asks for it in every support case.',
    meaningZh: '供应商为每次调用生成的编号（`seqNo`），向供应商报障时必须提供。',
    forbiddenZh: ['序列号', '序号码'],
  },
  {
    en: 'ID number',
    zh: '身份证号',
    meaning: 'The 18 characters of an identity card or permit.',
    meaningZh: '身份证或居住证的 18 位号码。',
    forbidden: ['ID card number', 'identity number'],
    forbiddenZh: ['身份证号码', '身份号码'],
  },
  {
    en: 'mobile',
    zh: '手机号',
    meaning: 'A mainland mobile number of 11 digits.',
    meaningZh: '内地 11 位手机号。',
    forbidden: ['cell phone', 'phone number'],
    forbiddenZh: ['手机号码', '移动电话'],
    exceptZh: ['10007 手机号码错误', '| 10007 | 手机号码错误'],
  },
  {
    en: 'erasure',
    zh: '删除',
    meaning: 'Removes everything that the ledger keeps about a person: `forget()`.',
    meaningZh: '清除账本中关于某个人的全部记录：`forget()`。',
    forbiddenZh: ['擦除', '抹除', '遗忘'],
  },
  {
    en: 'masking',
    zh: '脱敏',
    meaning: 'Shows the first and last characters only.',
    meaningZh: '只显示首尾字符。',
    forbiddenZh: ['打码', '遮蔽', '掩码化'],
  },
  {
    en: 'replica',
    zh: '副本',
    meaning: 'One of several processes of the same application.',
    meaningZh: '同一应用的多个进程之一。',
    forbiddenZh: ['复制品', '拷贝进程'],
  },
];
