import { ADDRESSES } from './proxy-names.ts';

/**
 * The HAProxy converter `lua.own`: whether an address belongs to a replica of this ingress, including one that gets no
 * requests yet. Like `lua.hold`, it is written with the configuration.
 */
export const OWN_SCRIPT = `-- lua.own: true for an address that one of the replicas has now.
--
-- The addresses are those of the servers of one backend, which HAProxy keeps up to date. They are read again only after
-- REFRESH_MS: reading them for each connection takes several times as long as everything else here.

local REFRESH_MS = 10

local servers = {}
local own = {}
local read_at = 0

core.register_init(function()
  for _, server in pairs(core.backends['${ADDRESSES}'].servers) do
    servers[#servers + 1] = server
  end
end)

core.register_converters('own', function(address)
  local now = core.now()
  local time = (now.sec * 1000 + now.usec // 1000) // REFRESH_MS
  if time ~= read_at then
    own, read_at = {}, time
    for _, server in ipairs(servers) do
      -- A server whose name has no address has no port either.
      local known = server:get_addr():match('^(.*):%d+$')
      if known ~= nil then
        own[known] = true
      end
    end
  end
  return own[address] == true
end)
`;
