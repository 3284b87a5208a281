import { HOLD_SERVER } from './proxy-names.ts';
import { RUNTIME_SOCKET } from './runtime-socket.ts';

/**
 * The HAProxy action `lua.hold`, by which requests wait. It lies beside the configuration and is written with it, so that
 * an ingress made by an earlier version has the one that its configuration asks for.
 */
export const HOLD_SCRIPT = `-- lua.hold: lets a request or a connection wait until a replica is in service.
--
-- Arguments: the backend whose servers count, and how long to wait at most, in milliseconds: during a rollout, and at any
-- other time. The second one counts from the end of the rollout, for a request that came during it. A negative time for
-- rollouts says that none is to come. It returns early in a worker that a reload has replaced: the request goes on to the
-- worker that came after it. The variable txn.gave_up is set when the time has passed.
--
-- An outage that has lasted once for as long as requests wait is remembered, and later requests give up at once, until a
-- replica is in service again.

local INTERVAL_MS = 25
-- How long what was found out about a backend is taken for true.
local STALE_MS = 100

local gone = {}
local seen = {}

local function is_true(sample)
  return sample == true or sample == 1
end

local function now_ms()
  local now = core.now()
  return now.sec * 1000 + now.usec / 1000
end

-- Bits of srv_admin_state in HAProxy's management guide: forced into maintenance, and drained.
local FREE = 0x01
local DRAINED = 0x08 + 0x10

-- A rollout drains what it replaces. Where no server is expected to be there, the first replica is yet to come. Lua does
-- not show why a server is in maintenance: that is asked of HAProxy itself. Nil where it does not answer.
--
-- The socket's server has no name. HAProxy 3.0 crashes at \`show sess all\` while one is open: lobbie asks \`show sess\`.
local function look_for_rollout(proxy)
  local socket = core.tcp()
  socket:settimeout(1)
  if not socket:connect('unix@${RUNTIME_SOCKET}') then
    return nil
  end
  socket:send('show servers state ' .. proxy .. '\\n')
  local answer = socket:receive('*a')
  socket:close()
  local expected, found = false, false
  for name, admin in (answer or ''):gmatch('\\n%d+ %S+ %d+ (%S+) %S+ %d+ (%d+) ') do
    if name ~= '${HOLD_SERVER}' then
      found = true
      if tonumber(admin) & DRAINED ~= 0 then
        return true
      end
      expected = expected or tonumber(admin) & FREE == 0
    end
  end
  if not found then
    return nil
  end
  return not expected
end

local function in_rollout(proxy)
  local known = seen[proxy]
  local now = now_ms()
  if known == nil or now - known.at > STALE_MS then
    -- Those who ask meanwhile take what was known before: nobody is turned away for a question that is under way.
    local asked = { at = now, rollout = known == nil or known.rollout }
    seen[proxy] = asked
    local rollout = look_for_rollout(proxy)
    if rollout ~= nil then
      asked.rollout = rollout
    end
    return asked.rollout
  end
  return known.rollout
end

local function forget_when_back(proxy, backend)
  while backend:get_srv_act() == 0 do
    core.msleep(INTERVAL_MS)
  end
  gone[proxy] = nil
end

core.register_action('hold', { 'tcp-req', 'http-req' }, function(txn, proxy, rollout_arg, outage_arg)
  local backend = core.backends[proxy]
  local rollout_ms, outage_ms = tonumber(rollout_arg), tonumber(outage_arg)
  local longest_ms = math.max(rollout_ms, outage_ms)
  local came = now_ms()
  local outage_since = came
  local known = gone[proxy]
  while backend:get_srv_act() == 0 and not is_true(txn.f:stopping()) do
    local rollout = rollout_ms >= 0 and in_rollout(proxy)
    local now = now_ms()
    local left
    if rollout then
      outage_since, known = now, false
      left = rollout_ms - (now - came)
    else
      left = math.min(outage_ms - (now - outage_since), longest_ms - (now - came))
    end
    if (left <= 0 or known) and backend:get_srv_act() == 0 then
      if not rollout and not gone[proxy] then
        gone[proxy] = true
        core.register_task(forget_when_back, proxy, backend)
      end
      txn:set_var('txn.gave_up', true)
      return
    end
    core.msleep(math.ceil(math.min(left, INTERVAL_MS)))
  end
end, 3)
`;
