// @ts-check
/**
 * The errors in Chinese: what happened, and what to do. A test holds the keys to those of `ERROR_CODES`.
 *
 * @type {typeof import("./error-texts.zh.mjs").ERROR_TEXTS_ZH}
 */
export const ERROR_TEXTS_ZH = {
  IDV_OPTIONS_INVALID: { title: '模块选项有误', remedy: '按错误信息改正对应的选项。' },
  IDV_ARGUMENT_INVALID: { title: '调用参数有误', remedy: '按错误信息改正参数。没有预占，也没有发出请求。' },
  IDV_INPUT_INVALID: {
    title: '姓名、身份证号或手机号格式不对',
    remedy: '请用户改正 `violations` 列出的字段。没有发出请求。',
  },
  IDV_TEST_IDENTITY_REFUSED: {
    title: '测试手机号不会发给真实上游',
    remedy: '换成真实手机号；如果目标确实是模拟上游，设置 `upstreamIsMock`。',
  },
  IDV_BUDGET_EXHAUSTED: { title: '预算内的付费次数已用完', remedy: '等到次日或次月（北京时间），或调高 `budget`。' },
  IDV_SUBJECT_LIMIT: {
    title: '同一身份证号或手机号尝试的组合过多',
    remedy: '等 `subjectLimit` 的时间窗口过去。频繁出现时，可能有人在撞库。',
  },
  IDV_SAME_PARAMETER_BLOCKED: { title: '供应商已对这组参数限次，暂不再发送', remedy: '`retryAfterMs` 之前不要重试。' },
  IDV_LATCHED: {
    title: '账户闸门已关闭：额度用尽，或账户被拒',
    remedy: '充值或处理好账户后调用 `reopen()`；不调用时，模块每隔一段时间放行一次探测。',
  },
  IDV_IN_DOUBT: {
    title: '上一次调用可能已计费，但结果丢失',
    remedy: '等 `retryAfterMs` 过去；能接受重复付费时，传入 `repeatInDoubt: true`。',
  },
  IDV_CAPACITY: { title: '账本已满', remedy: '调高 `ledgerEntries`，或查明为什么有大量调用没有结束。' },
  IDV_LEDGER_UNAVAILABLE: {
    title: '账本没有响应',
    remedy: '恢复账本所在的存储。账本不可用时无法保证预算，所以不发送。',
  },
  IDV_CIRCUIT_OPEN: { title: '已熔断：上游连续失败，暂停调用', remedy: '`retryAfterMs` 之后再试。' },
  IDV_OVERLOADED: { title: '并发和排队都已满', remedy: '调高 `limiter.concurrency`，或在更靠前的位置限流。' },
  IDV_SHUTTING_DOWN: { title: '应用正在停机', remedy: '把请求转到其他副本。' },
  IDV_ABORTED: { title: '调用方放弃等待', remedy: '已发出的调用会继续，结果写入账本；再次核验即可取得。' },
  IDV_TENANT_UNRESOLVED: { title: '取不到租户的账户', remedy: '检查 `tenants` 函数。没有发出请求。' },
  IDV_CREDENTIALS_UNAVAILABLE: {
    title: '`credentials` 函数抛错，或返回了无效的凭证',
    remedy: '检查该函数。没有发出请求。',
  },
  IDV_CONNECT_FAILED: { title: '连不上上游，没有发出请求', remedy: '检查 DNS、网络和 `baseUrl`。' },
  IDV_CONNECTION_LOST: { title: '请求发出后连接中断', remedy: '能接受重复付费时才再次核验。' },
  IDV_TIMEOUT: { title: '上游没有在时限内答复', remedy: '频繁出现时调高 `attemptTimeoutMs`：网关最多等待 30 秒。' },
  IDV_REPLY_UNREADABLE: { title: '响应不符合接口约定', remedy: '把请求 ID 提供给供应商。' },
  IDV_REPLY_TOO_LARGE: { title: '响应过大，不可能来自真实接口', remedy: '检查本机与上游之间是否有代理。' },
  IDV_HTTP_STATUS: { title: 'HTTP 状态码不在供应商和网关的文档中', remedy: '检查本机与上游之间是否有代理。' },
  IDV_REDIRECTED: { title: '上游返回重定向，没有跟随', remedy: '跟随重定向会把身份信息发给其他主机。检查 `baseUrl`。' },
  IDV_MALFORMED_REQUEST: { title: '上游无法解析请求', remedy: '这是本模块的缺陷，请附上返回码和流水号报告。' },
  IDV_AUTHENTICATION: { title: '上游不认可账户凭证', remedy: '检查 `credentials`。与被核验的人无关。' },
  IDV_AUTHORIZATION: { title: '账户无权从此处调用接口', remedy: '在供应商控制台检查购买情况和 IP 白名单。' },
  IDV_UPSTREAM_INVALID_INPUT: { title: '上游拒绝了手机号', remedy: '请用户改正。' },
  IDV_QUOTA: { title: '余额、次数或订阅已用尽', remedy: '给账户充值。' },
  IDV_RATE_LIMITED: { title: '被网关限流', remedy: '调低 `callsPerSecond`，或申请提高上限。' },
  IDV_SAME_PARAMETER_LIMIT: {
    title: '同一组参数请求次数超过供应商的上限',
    remedy: '过一段时间再核验；模块会在 `lifetimes.sameParameterBlockMs` 之内拦截这组参数。',
  },
  IDV_UPSTREAM_TIMEOUT: { title: '网关后面的上游超时', remedy: '能接受重复付费时才再次核验。' },
  IDV_BUSY: { title: '上游繁忙', remedy: '稍后再试。' },
  IDV_DISABLED: { title: '接口或账户已停用', remedy: '联系供应商。' },
  IDV_CONFIGURATION: { title: '网关不认识这个主机、路径或协议', remedy: '检查 `baseUrl`。' },
  IDV_UPSTREAM_FAILURE: { title: '上游故障', remedy: '把流水号提供给供应商。' },
  IDV_UNCLASSIFIED: { title: '上游失败，没有给出原因', remedy: '把流水号提供给供应商。' },
  IDV_UNKNOWN_CODE: { title: '返回码不在表中', remedy: '向供应商问清含义，再用 `codes` 选项补上。' },
};
