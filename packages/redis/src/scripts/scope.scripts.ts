import { luaScript } from './lua.script.js';

/** How long the name of a scope is kept after it was last registered: longer than any answer. */
const SCOPE_MS = 730 * 86_400_000;

/** Erases a person from a scope. A call under way is only marked: it has to be accounted for. */
export const FORGET = luaScript(`
local arg = cjson.decode(ARGV[2])
local erased, questions, seen = 0, {}, {}
local function add(key)
  if seen[key] then return false end
  seen[key] = true
  questions[#questions + 1] = { key = key, found = read(question(key)) }
  return true
end
local subjects = {}
for _, list in ipairs({ arg.idKeys, arg.mobileKeys }) do
  for _, subject in ipairs(list) do subjects[#subjects + 1] = subject end
end
for _, subject in ipairs(subjects) do
  for _, set in ipairs({ marks(subject), links(subject) }) do
    for _, key in ipairs(redis.call('ZRANGE', set, 0, -1)) do
      if add(key) then erased = erased + 1 end
    end
  end
end
for _, key in ipairs(arg.keys) do add(key) end

-- First, because a Redis without memory left refuses this, and nothing after it.
for _, each in ipairs(questions) do
  if each.found.k == 'f' then redis.call('HSET', question(each.key), 'g', '1', 'p', '') end
end
for _, each in ipairs(questions) do
  local found = each.found
  for _, subject in ipairs({ found.i or '', found.m or '' }) do
    if subject ~= '' then
      redis.call('ZREM', marks(subject), each.key)
      redis.call('ZREM', links(subject), each.key)
    end
  end
  if found.a then erased = erased + 1 end
  if found.k == 'f' then
    redis.call('HDEL', question(each.key), 'a', 'ak', 'ae', 'i', 'm')
  else
    if found.k then erased = erased + 1 end
    redis.call('DEL', question(each.key))
  end
end
for _, subject in ipairs(subjects) do redis.call('DEL', marks(subject), links(subject)) end
return erased
`);

/** Counts the calls that a scope has spent today and this month. */
export const SPENT = luaScript(`
local spent = spending(read(base), periods())
return { spent.today, spent.thisMonth }
`);

/** Reads the latch of a scope: its name, and when a probe is let through. */
export const LATCH = luaScript(`
local latch = redis.call('HMGET', base, 'ln', 'lu')
if not latch[1] then return {} end
return { latch[1], math.max(now, tonumber(latch[2])) }
`);

/** Opens the latch of a scope, whoever may be probing it. */
export const REOPEN = luaScript(`
local wasClosed = redis.call('HDEL', base, 'lu')
redis.call('HDEL', base, 'ln', 'lm', 'po', 'pu')
return wasClosed
`);

/** Adds a scope to the list of all scopes, which is in a slot of its own. */
export const REGISTER = luaScript(`
redis.call('ZADD', base, int(now), ARGV[2])
redis.call('ZREMRANGEBYSCORE', base, '-inf', int(now - ${SCOPE_MS}))
keep(base, now + ${SCOPE_MS})
return 1
`);

/** Notes in the account of a scope that the scope was registered. */
export const REGISTERED = luaScript(`
if redis.call('EXISTS', base) == 1 then redis.call('HSET', base, 'r', int(now)) end
return 1
`);

/** Lists all scopes. */
export const SCOPES = luaScript(`return redis.call('ZRANGE', base, 0, -1)`);
