import { luaScript } from './lua.script.js';

/** How long the account of a scope is kept after its last claim: longer than any month that it counts. */
const ACCOUNT_MS = 62 * 86_400_000;

/** How often a scope is registered anew, so that its name outlives what it holds. */
const REGISTER_MS = 86_400_000;

/** Decides a claim in one step. Everything is read and judged before the first write. */
export const CLAIM = luaScript(`
local asked = {}
for n, key in ipairs(arg.keys) do asked[n] = read(question(key)) end

for _, found in ipairs(asked) do
  if found.a and now < tonumber(found.ae) then
    local age = math.max(0, now - tonumber(found.ak))
    if not arg.maxAgeMs or age < arg.maxAgeMs then return { 'hit', found.a } end
  end
end

for _, found in ipairs(asked) do
  if found.k then
    local untilMs = tonumber(found.u)
    if found.k == 'f' and now < untilMs then return { 'in_flight', math.ceil(untilMs - now) } end
    if found.k == 'b' then
      if now < untilMs then return { 'refused', 'same_parameter', math.ceil(untilMs - now) } end
    else
      local doubt = found.k == 'f' and tonumber(found.x) or untilMs
      if now < doubt and not arg.repeatInDoubt then return { 'unknown', math.ceil(doubt - now) } end
    end
  end
end

local account = read(base)
for _, untilMs in ipairs({ tonumber(account.lu or 0), tonumber(account.pu or 0) }) do
  if now < untilMs then return { 'refused', 'latched', math.ceil(untilMs - now) } end
end

local limit = arg.subjectLimit
local function waitFor(subjects, most)
  local count, oldest = 0, now
  for _, subject in ipairs(subjects) do
    local found = redis.call('ZRANGEBYSCORE', marks(subject), '(' .. int(now - limit.windowMs), '+inf', 'WITHSCORES')
    for i = 1, #found, 2 do
      for _, key in ipairs(arg.keys) do
        if key == found[i] then return 0 end
      end
      count, oldest = count + 1, math.min(oldest, tonumber(found[i + 1]))
    end
  end
  return count < most and 0 or math.max(1, math.ceil(oldest + limit.windowMs - now))
end
if limit then
  local wait = waitFor(arg.idKeys, limit.perIdNumber)
  if wait > 0 then return { 'refused', 'subject_id_number', wait } end
  wait = waitFor(arg.mobileKeys, limit.perMobile)
  if wait > 0 then return { 'refused', 'subject_mobile', wait } end
end

local day, month = periods()
local today, thisMonth = calls(account, 'day', day, DAY), calls(account, 'month', month, MONTH)
local budget = arg.budget
if budget.callsPerMonth and thisMonth >= budget.callsPerMonth then
  local following = month + 1
  local days = daysFromCivil(math.floor(following / 12), following % 12 + 1)
  return { 'refused', 'budget_month', days * DAY - UTC8 - now }
end
if budget.callsPerDay and today >= budget.callsPerDay then
  return { 'refused', 'budget_day', (day + 1) * DAY - UTC8 - now }
end

-- Granted. What the grant replaces is written down, in case nothing is sent.
local first, subjects = arg.keys[1], { arg.idKeys[1], arg.mobileKeys[1] }
local lease = now + arg.leaseMs
local doubt = lease + arg.doubtMs
local undo = { existed = next(asked[1]) ~= nil, open = {}, marks = {}, links = {} }
for n, found in ipairs(asked) do
  if found.k then
    local isIntent = found.k == 'f'
    undo.open[#undo.open + 1] =
      { key = arg.keys[n], k = isIntent and 'd' or found.k, u = isIntent and found.x or found.u, i = found.i, m = found.m }
  end
end
if limit then
  undo.windowMs = limit.windowMs
  for _, list in ipairs({ arg.idKeys, arg.mobileKeys }) do
    for _, subject in ipairs(list) do
      for _, key in ipairs(arg.keys) do
        local at = redis.call('ZSCORE', marks(subject), key)
        if at then undo.marks[#undo.marks + 1] = { subject = subject, key = key, at = at } end
      end
    end
  end
end
for _, subject in pairs(subjects) do
  if not redis.call('ZSCORE', links(subject), first) then undo.links[#undo.links + 1] = subject end
end

redis.call('HSET', question(first), 'k', 'f', 'u', int(lease), 'x', int(doubt), 'o', arg.owner,
  'c', 'day:' .. int(day) .. ' month:' .. int(month), 'i', subjects[1] or '', 'm', subjects[2] or '',
  'p', cjson.encode(undo))
redis.call('HDEL', question(first), 'g')
keep(question(first), math.max(doubt, limit and now + limit.windowMs or 0))
for n = 2, #arg.keys do
  if asked[n].k then redis.call('HDEL', question(arg.keys[n]), unpack(OPEN)) end
end
for _, subject in pairs(subjects) do
  redis.call('ZREMRANGEBYSCORE', links(subject), '-inf', int(now - MARGIN))
  link(subject, first, doubt)
end
if limit then
  -- One question counts once, also when it was asked under another pepper before.
  for _, mark in ipairs(undo.marks) do redis.call('ZREM', marks(mark.subject), mark.key) end
  for _, subject in pairs(subjects) do
    redis.call('ZREMRANGEBYSCORE', marks(subject), '-inf', int(now - limit.windowMs))
    redis.call('ZADD', marks(subject), int(now), first)
    keep(marks(subject), now + limit.windowMs)
  end
end

for name, period in pairs({ day = day, month = month }) do
  local field = name .. ':' .. int(period)
  redis.call('HINCRBY', base, field, 1)
  redis.call('HSET', base, field .. '@', int(now))
  for other in pairs(account) do
    local found = tonumber(string.match(other, '^' .. name .. ':(%d+)$'))
    if found and (found < period - 7 or (found > period and now - tonumber(account[other .. '@'] or 0) >= MONTH)) then
      redis.call('HDEL', base, other, other .. '@')
    end
  end
end
local probe = 0
if account.lu then
  redis.call('HSET', base, 'po', arg.owner, 'pu', int(lease))
  probe = 1
end
keep(base, now + ${ACCOUNT_MS})
local isRegistered = account.r and now - tonumber(account.r) < ${REGISTER_MS}
return { 'granted', probe, today + 1, thisMonth + 1, isRegistered and 1 or 0 }
`);
