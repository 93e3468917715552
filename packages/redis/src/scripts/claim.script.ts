import type { ClaimRequest } from '@identity-verify/nestjs';
import { luaScript } from './lua.script.js';

/** How long the account of a scope is kept after its last claim: longer than any month that it counts. */
const ACCOUNT_MS = 62 * 86_400_000;

/** How often a scope is registered anew, so that its name outlives what it holds. */
const REGISTER_MS = 86_400_000;

/**
 * Looks the answers up, and does nothing else for a hit, which is replied to with the answer as it was kept: the functions
 * that all scripts share are not even made. The reply of HMGET has the fields in the order in which they are named.
 */
const LOOK_UP = `
local questions, asked, time = tonumber(ARGV[5]), {}, tonumber(ARGV[1])
for n = 1, questions do
  local found = redis.call('HMGET', KEYS[1] .. ':q:' .. ARGV[5 + n], 'a', 'ak', 'ae', 'k', 'u', 'x', 'i', 'm')
  if found[1] then
    if not time then
      local clock = redis.call('TIME')
      time = clock[1] * 1000 + math.floor(clock[2] / 1000)
    end
    if time < tonumber(found[3]) then
      local mostMs = tonumber(ARGV[4])
      if not mostMs or math.max(0, time - tonumber(found[2])) < mostMs then return found[1] end
    end
  end
  asked[n] = { k = found[4], u = found[5], x = found[6], i = found[7], m = found[8],
    existed = found[1] or found[4] or found[7] }
end
`;

/** Decides a claim in one step. Everything is read and judged before the first write. */
export const CLAIM = luaScript(
  `
local owner = ARGV[2]
local leaseMs, doubtMs, repeatInDoubt, ids, perDay, perMonth, perIdNumber, perMobile, windowMs =
  string.match(ARGV[3], '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
perDay, perMonth, windowMs = tonumber(perDay), tonumber(perMonth), tonumber(windowMs)
local firstId = 6 + questions
local firstMobile = firstId + tonumber(ids)

for _, found in ipairs(asked) do
  if found.k then
    local untilMs = tonumber(found.u)
    if found.k == 'f' and now < untilMs then return { 'in_flight', math.ceil(untilMs - now) } end
    if found.k == 'b' then
      if now < untilMs then return { 'refused', 'same_parameter', math.ceil(untilMs - now) } end
    else
      local doubt = found.k == 'f' and tonumber(found.x) or untilMs
      if now < doubt and repeatInDoubt ~= '1' then return { 'unknown', math.ceil(doubt - now) } end
    end
  end
end

local day, month = periods()
local dayField, monthField = 'day:' .. int(day), 'month:' .. int(month)
local account, spent
local kept = redis.call('HMGET', base, 'lu', 'pu', 'r', 'top', dayField, monthField)
if kept[5] and kept[6] and tonumber(kept[4]) == day then
  account = { lu = kept[1] or nil, pu = kept[2] or nil, r = kept[3], [dayField] = kept[5], [monthField] = kept[6] }
  spent = { today = tonumber(kept[5]), thisMonth = tonumber(kept[6]) }
else
  -- The first grant of a day, or the clock was set back: other periods may count, or be over.
  account = read(base)
  spent = spending(account, day, month)
end
if account.lu and now < tonumber(account.lu) then
  return { 'refused', 'latched', math.ceil(tonumber(account.lu) - now) }
end
if account.pu and now < tonumber(account.pu) then
  return { 'refused', 'latched', math.ceil(tonumber(account.pu) - now) }
end

-- What counts against the subjects is read once: the marks of this question, which count once, and those that are over.
local own, isEmpty, isOver = {}, {}, {}
local function waitFor(from, to, most)
  local count, oldest, isOwn = 0, now, false
  for n = from, to do
    local subject = ARGV[n]
    local found = redis.call('ZRANGE', marks(subject), 0, -1, 'WITHSCORES')
    isEmpty[subject] = #found == 0
    for i = 1, #found, 2 do
      local key, at = found[i], tonumber(found[i + 1])
      local isCounted, isThis = at > now - windowMs, false
      for q = 6, 5 + questions do isThis = isThis or ARGV[q] == key end
      if isThis then
        own[#own + 1] = { subject = subject, key = key, at = found[i + 1] }
        isOwn = isOwn or isCounted
      elseif isCounted then
        count, oldest = count + 1, math.min(oldest, at)
      else
        isOver[subject] = true
      end
    end
  end
  if isOwn or count < tonumber(most) then return 0 end
  return math.max(1, math.ceil(oldest + windowMs - now))
end
if windowMs then
  local wait = waitFor(firstId, firstMobile - 1, perIdNumber)
  if wait > 0 then return { 'refused', 'subject_id_number', wait } end
  wait = waitFor(firstMobile, #ARGV, perMobile)
  if wait > 0 then return { 'refused', 'subject_mobile', wait } end
end

if perMonth and spent.thisMonth >= perMonth then
  local following = month + 1
  local days = daysFromCivil(math.floor(following / 12), following % 12 + 1)
  return { 'refused', 'budget_month', days * DAY - UTC8 - now }
end
if perDay and spent.today >= perDay then
  return { 'refused', 'budget_day', (day + 1) * DAY - UTC8 - now }
end

-- Granted. What the grant replaces is written down, in case nothing is sent.
local first = ARGV[6]
local key = question(first)
local lease = now + tonumber(leaseMs)
local doubt = lease + tonumber(doubtMs)
local subjects, isNew = {}, ''
for _, n in ipairs({ ids ~= '0' and firstId or 0, firstMobile }) do
  local subject = n > 0 and ARGV[n]
  local linked = { subject = subject }
  if subject then
    linked.key = links(subject)
    linked.ttl = redis.call('PTTL', linked.key)
    linked.at = linked.ttl ~= -2 and redis.call('ZSCORE', linked.key, first)
  end
  isNew = isNew .. (subject and not linked.at and '1' or '0')
  subjects[#subjects + 1] = linked
end
local open = {}
for n, found in ipairs(asked) do
  if found.k then
    local isIntent = found.k == 'f'
    open[#open + 1] = { key = ARGV[5 + n], k = isIntent and 'd' or found.k, u = isIntent and found.x or found.u,
      i = found.i or nil, m = found.m or nil }
  end
end
local undo = (asked[1].existed and '1' or '0') .. isNew .. ' ' .. (windowMs and int(windowMs) or '-') .. ' '
if #open > 0 or #own > 0 then undo = undo .. cjson.encode({ open = open, marks = own }) end

local isProbe = account.lu ~= nil
redis.call('HSET', key, 'k', 'f', 'u', int(lease), 'x', int(doubt), 'o', owner,
  'c', dayField .. ' ' .. monthField .. (isProbe and ' probe' or ''),
  'i', subjects[1].subject or '', 'm', subjects[2].subject or '', 'p', undo)
if asked[1].k then redis.call('HDEL', key, 'g') end
keep(key, math.max(doubt, windowMs and now + windowMs or 0), not asked[1].existed and -2)
for n = 2, questions do
  if asked[n].k then redis.call('HDEL', question(ARGV[5 + n]), unpack(OPEN)) end
end
for _, linked in ipairs(subjects) do
  if linked.subject then
    redis.call('ZADD', linked.key, int(math.max(tonumber(linked.at or 0), doubt)), first)
    if linked.ttl ~= -2 then redis.call('ZREMRANGEBYSCORE', linked.key, '-inf', int(now - MARGIN)) end
    keep(linked.key, doubt, linked.ttl)
  end
end
if windowMs then
  -- One question counts once, also when it was asked under another pepper before.
  for _, mark in ipairs(own) do redis.call('ZREM', marks(mark.subject), mark.key) end
  for _, linked in ipairs(subjects) do
    if linked.subject then
      local marked = marks(linked.subject)
      redis.call('ZADD', marked, int(now), first)
      if isOver[linked.subject] then redis.call('ZREMRANGEBYSCORE', marked, '-inf', int(now - windowMs)) end
      keep(marked, now + windowMs, isEmpty[linked.subject] and -2)
    end
  end
end

redis.call('HSET', base, dayField, int((account[dayField] or 0) + 1), dayField .. '@', int(now),
  monthField, int((account[monthField] or 0) + 1), monthField .. '@', int(now))
if isProbe then redis.call('HSET', base, 'po', owner, 'pu', int(lease)) end
if spent.outdated then
  for _, field in ipairs(spent.outdated) do redis.call('HDEL', base, field, field .. '@') end
  redis.call('HSET', base, 'top', int(spent.latest))
  -- For the whole day, so that no other grant of the day has to.
  keep(base, now + DAY + ${ACCOUNT_MS})
end
local isRegistered = account.r and now - tonumber(account.r) < ${REGISTER_MS}
return { 'granted', isProbe and 1 or 0, spent.today + 1, spent.thisMonth + 1, isRegistered and 1 or 0 }
`,
  LOOK_UP,
);

/** What {@link CLAIM} reads of a request: what a hit needs by itself, and the rest in one text. */
export function claimArguments(request: ClaimRequest, now: string): readonly string[] {
  const { keys, idKeys, mobileKeys, owner, leaseMs, doubtMs, maxAgeMs, repeatInDoubt, budget, subjectLimit } = request;
  const terms =
    `${leaseMs} ${doubtMs} ${repeatInDoubt ? 1 : 0} ${idKeys.length} ${budget.callsPerDay ?? '-'} ` +
    `${budget.callsPerMonth ?? '-'} ${subjectLimit?.perIdNumber ?? '-'} ${subjectLimit?.perMobile ?? '-'} ` +
    `${subjectLimit?.windowMs ?? '-'}`;
  const age = maxAgeMs === undefined || maxAgeMs === Infinity ? '' : String(maxAgeMs);
  return [now, owner, terms, age, String(keys.length), ...keys, ...idKeys, ...mobileKeys];
}
