/**
 * The HAProxy action `lua.hold`, by which requests wait. It lies beside the configuration and is written with it, so that
 * an ingress made by an earlier version has the one that its configuration asks for.
 */
export const HOLD_SCRIPT = `-- lua.hold: lets a request or a connection wait until a replica is in service.
--
-- Arguments: the backend whose servers count, and how long to wait at most, in milliseconds. It returns early in a worker
-- that a reload has replaced, for then the request goes on to the worker that came after it. Who has waited in vain is
-- told by the variable txn.gave_up.

local INTERVAL_MS = 25

local function is_true(sample)
  return sample == true or sample == 1
end

local function elapsed_ms(since)
  local now = core.now()
  return (now.sec - since.sec) * 1000 + (now.usec - since.usec) / 1000
end

core.register_action('hold', { 'tcp-req', 'http-req' }, function(txn, proxy, timeout_ms)
  local servers = core.backends[proxy]
  local limit = tonumber(timeout_ms)
  local since = core.now()
  while servers:get_srv_act() == 0 and not is_true(txn.f:stopping()) do
    local left = limit - elapsed_ms(since)
    if left <= 0 then
      txn:set_var('txn.gave_up', true)
      return
    end
    core.msleep(math.ceil(math.min(left, INTERVAL_MS)))
  end
end, 2)
`;
