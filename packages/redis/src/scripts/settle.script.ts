import type { Settlement } from '@identity-verify/nestjs';
import { luaScript } from './lua.script.js';

const HELD = `
local owner, key = ARGV[2], question(ARGV[3])
local open = redis.call('HMGET', key, 'k', 'o', 'c', 'g', 'p', 'x', 'i', 'm')
if open[1] ~= 'f' or open[2] ~= owner then return 0 end
local reserved, isForgotten, undo, doubt = open[3], open[4], open[5], open[6]
local existed, isNewId, isNewMobile, windowMs, replaced = string.match(undo, '^(%d)(%d)(%d) (%S+) (.*)$')
local subjects = {}
if open[7] and open[7] ~= '' then subjects[#subjects + 1] = { name = open[7], isNew = isNewId == '1' } end
if open[8] and open[8] ~= '' then subjects[#subjects + 1] = { name = open[8], isNew = isNewMobile == '1' } end

local function endProbe(how)
  if not string.find(reserved, 'probe', 1, true) then return end
  local account = redis.call('HMGET', base, 'po', 'lm')
  if account[1] ~= owner then return end
  if how == 'answered' then
    redis.call('HDEL', base, 'ln', 'lm', 'lu', 'po', 'pu')
  else
    if how == 'failed' then redis.call('HSET', base, 'lu', int(now + tonumber(account[2]))) end
    redis.call('HDEL', base, 'po', 'pu')
  end
end
`;

/** Changes nothing. Where memory is short, the script ends here. */
const FIRST = `redis.call('HSET', key, 'o', owner)`;

/** Writes down how a call ended, for the owner of its intent alone. `ARGV[5]` is the answer, as it will be read. */
export const SETTLE = luaScript(`${HELD}
local kind, charged, inconclusive, ttlMs, blockMs, latch, latchMs =
  string.match(ARGV[4], '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
ttlMs, blockMs, latchMs = tonumber(ttlMs), tonumber(blockMs), tonumber(latchMs)
local function hold(untilMs)
  keep(key, untilMs)
  for _, subject in ipairs(subjects) do
    local name = links(subject.name)
    -- The claim linked a new question until the end of its doubt.
    local at = subject.isNew and tonumber(doubt) or tonumber(redis.call('ZSCORE', name, ARGV[3]) or 0)
    redis.call('ZADD', name, int(math.max(at, untilMs)), ARGV[3])
    keep(name, untilMs)
  end
end

local isKept = kind == 'answered' and ttlMs > 0 and not isForgotten
if isKept then
  redis.call('HSET', key, 'a', ARGV[5], 'ak', int(now), 'ae', int(now + ttlMs))
else
  ${FIRST}
end
endProbe(kind == 'answered' and kind or (inconclusive == '1' and 'unasked' or 'failed'))
if kind == 'unbilled' or (kind == 'answered' and charged ~= '1') then refund(reserved) end
redis.call('HDEL', key, unpack(OPEN))
if latchMs then
  redis.call('HSET', base, 'ln', latch, 'lm', int(latchMs), 'lu', int(now + latchMs))
  redis.call('HDEL', base, 'po', 'pu')
  keep(base, now + latchMs)
end

if isForgotten then
  redis.call('DEL', key)
elseif isKept then
  hold(now + ttlMs)
elseif kind == 'in_doubt' then
  redis.call('HSET', key, 'k', 'd', 'u', int(now + ttlMs))
  hold(now + ttlMs)
elseif kind == 'unbilled' and blockMs and blockMs > 0 then
  redis.call('HSET', key, 'k', 'b', 'u', int(now + blockMs))
  hold(now + blockMs)
end
return 1
`);

/** What {@link SETTLE} reads of a settlement, without the answer. */
export function settleArguments({ key, owner, result }: Settlement, now: string): readonly string[] {
  const charged = result.kind === 'answered' && result.charged ? 1 : 0;
  const ttlMs = result.kind === 'unbilled' ? '-' : result.ttlMs;
  const { inconclusive = false, blockMs, latch } = result.kind === 'unbilled' ? result : {};
  const terms = `${result.kind} ${charged} ${inconclusive ? 1 : 0} ${ttlMs} ${blockMs ?? '-'}`;
  return [now, owner, key, `${terms} ${latch?.name ?? '-'} ${latch?.ms ?? '-'}`];
}

/** Takes a grant back of which nothing was sent: everything is as it was before. */
export const RELEASE = luaScript(`${HELD}
${FIRST}
refund(reserved)
endProbe('unasked')
redis.call('HDEL', key, unpack(OPEN))
windowMs = tonumber(windowMs)
for _, subject in ipairs(subjects) do
  if windowMs then redis.call('ZREM', marks(subject.name), ARGV[3]) end
  if subject.isNew then redis.call('ZREM', links(subject.name), ARGV[3]) end
end
if existed ~= '1' then redis.call('DEL', key) end
if isForgotten or replaced == '' then return 1 end

replaced = cjson.decode(replaced)
for _, mark in ipairs(replaced.marks) do
  redis.call('ZADD', marks(mark.subject), mark.at, mark.key)
  keep(marks(mark.subject), tonumber(mark.at) + windowMs)
end
for _, before in ipairs(replaced.open) do
  local untilMs = tonumber(before.u)
  -- Under an older pepper, somebody else may be asking by now.
  if now < untilMs and redis.call('HEXISTS', question(before.key), 'k') == 0 then
    redis.call('HSET', question(before.key), 'k', before.k, 'u', before.u, 'i', before.i or '', 'm', before.m or '')
    keep(question(before.key), untilMs)
  end
end
return 1
`);
