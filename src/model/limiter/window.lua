-- The window of a quota that several machines share; `window.rs` says the same for one process, and why.
--
-- KEYS  1 a hash with the state, 2 a list of what was admitted, oldest first, as "time:tokens"
-- ARGV  1 reserve, pause or observe
--       2 requests and 3 tokens in a window, 4 the window and 5 how long something counts, 6 requests at once
--       7 reserve: tokens; pause: how long; observe: the tokens that the service says are left
--       8 configured, or assumed: then what the service has told another machine counts
-- Times are microseconds of this server's clock, so that machines whose clocks differ agree.
-- Answers how long to wait: nothing when the request is admitted.

if redis.replicate_commands then redis.replicate_commands() end

local operation = ARGV[1]
local requests, all_tokens = tonumber(ARGV[2]), tonumber(ARGV[3])
local window, held, burst = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local amount = tonumber(ARGV[7])

-- Lua would write large numbers with 14 digits.
local function whole(number) return string.format('%.0f', number) end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local state = {}
local names = {
  'now', 'due', 'tokens_due', 'paused', 'foreign', 'foreign_until', 'tokens', 'learnt_requests', 'learnt_tokens'
}
for _, name in ipairs(names) do
  state[name] = tonumber(redis.call('HGET', KEYS[1], name) or '0') or 0
end
-- A clock that is a little behind the last one (another server took over) waits; one that was far ahead was wrong.
if state.now > now + held then
  redis.call('DEL', KEYS[1], KEYS[2])
  for name in pairs(state) do state[name] = 0 end
end
now = math.max(now, state.now)
state.now = now

if ARGV[8] == 'assumed' then
  if operation == 'observe' then
    state.learnt_requests, state.learnt_tokens = requests, all_tokens
  elseif state.learnt_requests > 0 and state.learnt_tokens > 0 then
    requests, all_tokens = state.learnt_requests, state.learnt_tokens
  end
end

local function entry(index)
  local text = redis.call('LINDEX', KEYS[2], index)
  if not text then return nil end
  local time, tokens = string.match(text, '^(%d+):(%d+)$')
  return tonumber(time) or 0, tonumber(tokens) or 0
end

while true do
  local time, tokens = entry(0)
  if not time or time + held > now then break end
  redis.call('LPOP', KEYS[2])
  state.tokens = state.tokens - tokens
end
local count = redis.call('LLEN', KEYS[2])
if count == 0 or state.tokens < 0 then state.tokens = 0 end

local wait = 0
if operation == 'pause' then
  state.paused = math.max(state.paused, now + amount)
elseif operation == 'observe' then
  state.foreign = math.max(0, all_tokens - amount - state.tokens)
  state.foreign_until = now + held
else
  local function share(part, total) return math.min(math.ceil(window * part / total), held) end
  local function admitted_last(nth)
    if nth > count then return nil end
    return (entry(-nth))
  end

  local earliest = math.max(state.paused, state.due, state.tokens_due)
  local first = admitted_last(requests)
  if first then earliest = math.max(earliest, first + held) end
  if requests >= 6 then
    local sixth = admitted_last(math.max(math.floor(requests / 6), burst))
    if sixth then earliest = math.max(earliest, sixth + math.floor(held / 6)) end
  end

  local function used_at_most(room)
    local used, index, at = state.tokens, 0, 0
    while used > room do
      local time, tokens = entry(index)
      if not time then break end
      used = used - tokens
      at = time + held
      index = index + 1
    end
    return at
  end

  local room = math.max(0, all_tokens - amount)
  local fits = used_at_most(room)
  if state.foreign_until > now and state.foreign > 0 then
    -- What others have used is over by then; before, both must fit.
    fits = math.max(fits, state.foreign_until)
    if state.foreign <= room then fits = math.min(fits, used_at_most(room - state.foreign)) end
  end
  earliest = math.max(earliest, fits)

  wait = math.max(0, earliest - now)
  if wait == 0 then
    local interval = share(1, requests)
    local lag = interval * (burst - 1)
    state.due = math.max(state.due, now - lag - math.min(interval, held - window)) + interval
    state.tokens_due = math.max(state.tokens_due, now - lag - math.floor(window / 60)) + share(amount, all_tokens)
    state.tokens = state.tokens + amount
    redis.call('RPUSH', KEYS[2], whole(now) .. ':' .. whole(amount))
  end
end

for name, value in pairs(state) do redis.call('HSET', KEYS[1], name, whole(value)) end
local kept = whole(math.ceil((math.max(0, state.paused - now) + 2 * held) / 1000))
redis.call('PEXPIRE', KEYS[1], kept)
redis.call('PEXPIRE', KEYS[2], kept)
return {whole(wait)}
