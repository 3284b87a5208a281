import { HOLD_SERVER } from './proxy-names.ts';
import { RUNTIME_SOCKET } from './runtime-socket.ts';

/**
 * The HAProxy action `lua.hold`, which makes requests wait. It is written together with the configuration, so that an
 * ingress made by an older version has the action that its configuration needs.
 */
export const HOLD_SCRIPT = `-- lua.hold: lets a request or a connection wait until a replica is in service.
--
-- Arguments: the backend whose servers count, and the longest wait in milliseconds: during a rollout, and at other
-- times. A request that arrives during a rollout waits up to the second time after its end. A negative time for
-- rollouts means that none will come. In a worker that a reload replaced, it returns early, and the request moves on
-- to the next worker. It sets the variable txn.gave_up if the time runs out.
--
-- Once an outage has lasted longer than requests wait, later requests give up at once, until a replica is in service
-- again.

local INTERVAL_MS = 25
-- How long the result for a backend stays valid.
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

-- A rollout drains the replicas that it replaces. If no server is expected, the first replica is still to come. Lua
-- cannot see why a server is in maintenance, so HAProxy itself is asked. Returns nil if it does not answer.
--
-- The socket's server has no name, and HAProxy 3.0 crashes at \`show sess all\` while one is open. So lobbie uses \`show sess\`.
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
    -- Requests that ask meanwhile use the old result: none is rejected while the answer is on its way.
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
