import { luaScript } from './lua.script.js';

const HELD = `
local key = question(arg.key)
local open = read(key)
if open.k ~= 'f' or open.o ~= arg.owner then return 0 end
redis.call('HSET', key, 'o', arg.owner) -- changes nothing: where memory is short, the script ends here
local account = read(base)
local subjects = {}
for _, field in ipairs({ 'i', 'm' }) do
  if open[field] and open[field] ~= '' then subjects[#subjects + 1] = open[field] end
end
`;

/** Writes down how a call ended, for the owner of its intent alone. `ARGV[3]` is the answer, as it will be read. */
export const SETTLE = luaScript(`${HELD}
local result = arg.result
local kind = result.kind
local function hold(untilMs)
  keep(key, untilMs)
  for _, subject in ipairs(subjects) do link(subject, arg.key, untilMs) end
end

endProbe(account, arg.owner, kind == 'answered' and kind or (result.inconclusive and 'unasked' or 'failed'))
if kind == 'unbilled' or (kind == 'answered' and not result.charged) then refund(open.c) end
redis.call('HDEL', key, unpack(OPEN))
if result.latch then
  redis.call('HSET', base, 'ln', result.latch.name, 'lm', int(result.latch.ms), 'lu', int(now + result.latch.ms))
  redis.call('HDEL', base, 'po', 'pu')
  keep(base, now + result.latch.ms)
end

if open.g then
  redis.call('DEL', key)
elseif kind == 'answered' then
  if result.ttlMs > 0 then
    redis.call('HSET', key, 'a', ARGV[3], 'ak', int(now), 'ae', int(now + result.ttlMs))
    hold(now + result.ttlMs)
  end
elseif kind == 'in_doubt' then
  redis.call('HSET', key, 'k', 'd', 'u', int(now + result.ttlMs))
  hold(now + result.ttlMs)
elseif result.blockMs and result.blockMs > 0 then
  redis.call('HSET', key, 'k', 'b', 'u', int(now + result.blockMs))
  hold(now + result.blockMs)
end
return 1
`);

/** Takes a grant back of which nothing was sent: everything is as it was before. */
export const RELEASE = luaScript(`${HELD}
local undo = cjson.decode(open.p)
refund(open.c)
endProbe(account, arg.owner, 'unasked')
redis.call('HDEL', key, unpack(OPEN))
if undo.windowMs then
  for _, subject in ipairs(subjects) do redis.call('ZREM', marks(subject), arg.key) end
end
for _, subject in ipairs(undo.links or {}) do redis.call('ZREM', links(subject), arg.key) end
if not undo.existed then redis.call('DEL', key) end
if open.g then return 1 end

for _, mark in ipairs(undo.marks) do
  redis.call('ZADD', marks(mark.subject), mark.at, mark.key)
  keep(marks(mark.subject), tonumber(mark.at) + undo.windowMs)
end
for _, before in ipairs(undo.open) do
  local untilMs = tonumber(before.u)
  -- Under an older pepper, somebody else may be asking by now.
  if now < untilMs and redis.call('HEXISTS', question(before.key), 'k') == 0 then
    redis.call('HSET', question(before.key), 'k', before.k, 'u', before.u, 'i', before.i or '', 'm', before.m or '')
    keep(question(before.key), untilMs)
  end
end
return 1
`);
