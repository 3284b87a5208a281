import { HOLD_SERVER } from './proxy-names.ts';

/**
 * The HAProxy action `lua.hold`, by which requests wait. It lies beside the configuration and is written with it, so that
 * an ingress made by an earlier version has the one that its configuration asks for.
 */
export const HOLD_SCRIPT = `-- lua.hold: lets a request or a connection wait until a replica is in service.
--
-- Arguments: the backend whose servers count, and how long to wait at most, in milliseconds: during a rollout, and at any
-- other time. A negative time for rollouts says that none is to come. It returns early in a worker that a reload has replaced: the request goes on to the worker that came after
-- it. The variable txn.gave_up is set when the time has passed.
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

-- A rollout drains what it replaces. Where no server is expected to be there, the first replica is yet to come.
local function look_for_rollout(backend)
  local expected = false
  for name, server in pairs(backend.servers) do
    if name ~= '${HOLD_SERVER}' then
      if server:is_draining() then
        return true
      end
      expected = expected or server:get_stats().status ~= 'MAINT'
    end
  end
  return not expected
end

local function in_rollout(proxy, backend)
  local known = seen[proxy]
  local now = now_ms()
  if known == nil or now - known.at > STALE_MS then
    known = { at = now, rollout = look_for_rollout(backend) }
    seen[proxy] = known
  end
  return known.rollout
end

local function forget_when_back(proxy, backend)
  while backend:get_srv_act() == 0 do
    core.msleep(INTERVAL_MS)
  end
  gone[proxy] = nil
end

core.register_action('hold', { 'tcp-req', 'http-req' }, function(txn, proxy, rollout_ms, outage_ms)
  local backend = core.backends[proxy]
  local since = now_ms()
  local known = gone[proxy]
  while backend:get_srv_act() == 0 and not is_true(txn.f:stopping()) do
    local rollout = tonumber(rollout_ms) >= 0 and in_rollout(proxy, backend)
    local left = tonumber(rollout and rollout_ms or outage_ms) - (now_ms() - since)
    if left <= 0 or (known and not rollout) then
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
