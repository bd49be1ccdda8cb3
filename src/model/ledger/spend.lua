-- What several machines have spent together in this minute, hour and day.
--
-- KEYS  1 a hash: the number of each stretch since 1970, and what was used in it
-- ARGV  1 reserve: 2 requests, 3 tokens, 4 dollars, then requests, tokens and dollars that are allowed in each stretch,
--         nothing where there is no limit
--         settle: 2 requests, 3 tokens, 4 dollars that were reserved, 5 the second of that, then the three that were used
--         used: nothing
-- Answers "ok" with the second of a reservation or with what was used, "spent" with the place of the stretch and the
-- milliseconds until it ends, or "foreign" when the hash is not one of these.

if redis.replicate_commands then redis.replicate_commands() end

local names, seconds = {'minute', 'hour', 'day'}, {60, 3600, 86400}
local units = {'requests', 'tokens', 'dollars'}
local operation = ARGV[1]

local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then return {'foreign'} end

local time = redis.call('TIME')
local now = tonumber(time[1])

local used, number = {}, {}
for index, name in ipairs(names) do
  local found = redis.call('HMGET', KEYS[1], name, name .. ':requests', name .. ':tokens', name .. ':dollars')
  local row = {}
  for place = 1, 4 do
    row[place] = tonumber(found[place] or '0')
    -- What is no number, or none that was counted, is not taken for nothing.
    if not row[place] or not (row[place] >= 0 and row[place] < 1e300) then return {'foreign'} end
    if kind == 'hash' and not found[place] then return {'foreign'} end
  end
  number[index] = row[1]
  used[index] = {row[2], row[3], row[4]}
  local current = math.floor(now / seconds[index])
  -- A clock that was turned back gives nothing back.
  if current > number[index] then
    number[index] = current
    used[index] = {0, 0, 0}
  end
end

local function exact(value) return string.format('%.17g', value) end

local function write()
  for index, name in ipairs(names) do
    redis.call('HSET', KEYS[1], name, exact(number[index]))
    for place, unit in ipairs(units) do
      redis.call('HSET', KEYS[1], name .. ':' .. unit, exact(used[index][place]))
    end
  end
  redis.call('EXPIRE', KEYS[1], 3 * 86400)
end

if operation == 'reserve' then
  local amount = {tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])}
  for index = 1, 3 do
    for place = 1, 3 do
      local limit = tonumber(ARGV[4 + (index - 1) * 3 + place])
      if limit and used[index][place] + amount[place] > limit then
        local ends = (math.floor(now / seconds[index]) + 1) * seconds[index] * 1000
        return {'spent', tostring(index), exact(ends - now * 1000 - math.floor(tonumber(time[2]) / 1000))}
      end
    end
  end
  for index = 1, 3 do
    for place = 1, 3 do used[index][place] = used[index][place] + amount[place] end
  end
  write()
  return {'ok', exact(now)}
end

if operation == 'settle' then
  local at = tonumber(ARGV[5])
  for index = 1, 3 do
    -- What was reserved in an hour that is over belongs to that hour.
    if math.floor(at / seconds[index]) == number[index] then
      for place = 1, 3 do
        local left = math.max(0, used[index][place] - tonumber(ARGV[1 + place]))
        used[index][place] = left + tonumber(ARGV[5 + place])
      end
    end
  end
  write()
  return {'ok'}
end

local answer = {'ok'}
for index = 1, 3 do
  for place = 1, 3 do table.insert(answer, exact(used[index][place])) end
end
return answer
