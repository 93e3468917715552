import { createHash } from 'node:crypto';

/** A script of the store: its text, and the name by which EVALSHA calls it. */
export interface LuaScript {
  readonly source: string;
  readonly sha: string;
}

/**
 * The time up to which a key outlives what it holds, in milliseconds. What is over is decided by the times stored
 * in the key; the expiry of the key only cleans up.
 */
const MARGIN_MS = 60_000;

/**
 * What all scripts share. `KEYS[1]` is the account of the scope, `{prefix}{scope}` with the braces of a hash tag; every
 * other key of the scope begins with it, so that all are in one slot of a cluster:
 *
 * - `:q:<question>` hash: the answer (`a` JSON, `ak` kept at, `ae` expires at) and what is open (`k` kind f, d or b,
 *   `u` until, `x` end of the doubt of an intent, `o` owner, `c` what was reserved: periods and the probe, `g` forgotten,
 *   `p` what the grant replaced), and the question's subjects (`i`, `m`);
 * - `:s:<subject>` sorted set: questions that count against a subject, by the time at which they were asked;
 * - `:l:<subject>` sorted set: questions that `forget` must reach, by the time until which anything of them is kept.
 *
 * A Redis that is out of memory refuses the first command of a script that may add data, and no later one. So every
 * script that changes several keys begins with such a command: it does everything or nothing.
 */
const HEAD = `
local base = KEYS[1]
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

const FUNCTIONS = `
local DAY, MONTH, UTC8, MARGIN = 86400000, 31 * 86400000, 28800000, ${MARGIN_MS}

-- The same few times are written to several keys.
local texts = {}
local function int(number)
  local text = texts[number]
  if not text then
    text = string.format('%.0f', number)
    texts[number] = text
  end
  return text
end
local function question(key) return base .. ':q:' .. key end
local function marks(subject) return base .. ':s:' .. subject end
local function links(subject) return base .. ':l:' .. subject end

local function read(key)
  local flat, hash = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do hash[flat[i]] = flat[i + 1] end
  return hash
end

-- Each call of a command costs as much as a plain GET does in the server: \`ttl\` saves one, where it is known.
local function keep(key, untilMs, ttl)
  local ms = math.max(0, math.ceil(untilMs - now)) + MARGIN
  if (ttl or redis.call('PTTL', key)) < ms then redis.call('PEXPIRE', key, int(ms)) end
end

-- Periods in Asia/Shanghai: UTC+8 all year. Civil dates after Howard Hinnant's days_from_civil.
local function daysFromCivil(year, month)
  if month <= 2 then year = year - 1 end
  local era = math.floor(year / 400)
  local yoe = year - era * 400
  local doy = math.floor((153 * ((month + 9) % 12) + 2) / 5)
  return era * 146097 + yoe * 365 + math.floor(yoe / 4) - math.floor(yoe / 100) + doy - 719468
end
local function periods()
  local day = math.floor((now + UTC8) / DAY)
  local z = day + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400
  if month <= 2 then year = year + 1 end
  return day, year * 12 + month - 1
end

-- The calls of an account that count against today and this month. After the clock was set back, those of a period that
-- is now in the future count too, until they are one period old. \`outdated\` are fields that nothing needs any more;
-- \`latest\` is the last day of the others.
local function spending(account, day, month)
  local today, thisMonth, latest, outdated = 0, 0, day, {}
  for field, value in pairs(account) do
    local name, found = string.match(field, '^(%a+):(%d+)$')
    if found then
      found = tonumber(found)
      local period, length = month, MONTH
      if name == 'day' then period, length = day, DAY end
      local age = found > period and now - tonumber(account[field .. '@'] or 0)
      if found == period or (age and age < length) then
        if name == 'day' then today = today + value else thisMonth = thisMonth + value end
      end
      if found < period - 7 or (age and age >= MONTH) then
        outdated[#outdated + 1] = field
      elseif name == 'day' and found > latest then
        latest = found
      end
    end
  end
  return { today = today, thisMonth = thisMonth, latest = latest, outdated = outdated }
end
local function refund(reservation)
  for field in string.gmatch(reservation, '%a+:%d+') do
    if redis.call('HEXISTS', base, field) == 1 then redis.call('HINCRBY', base, field, -1) end
  end
end

local OPEN = { 'k', 'u', 'x', 'o', 'c', 'g', 'p' }
`;

/** Makes a script of what it does beyond the shared part. `ARGV[1]` is the time, or empty for the server's. */
export function luaScript(body: string, before = ''): LuaScript {
  const source = before + HEAD + FUNCTIONS + body;
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
