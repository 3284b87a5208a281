import { isIP } from 'node:net';
import { ownNamespaces } from '../own-namespaces.ts';
import type { Rule } from './rule.ts';

/** Ports published on something that is not an IP address. */
export const portAddresses: Rule = function* ({ services }) {
  for (const [service, { ports = [] }] of Object.entries(services))
    for (const { host_ip: address = '' } of ports)
      if (address !== '' && isIP(address) === 0) {
        const message = `expected an IP address in host_ip, got ${JSON.stringify(address)}`;
        yield { path: ['services', service, 'ports'], at: ['services', service, 'ports', address, 'host_ip'], message };
      }
};

/** Published ports of a service that shares another container's network. */
export const borrowedNetworks: Rule = function* (config) {
  const { services } = config;
  const joined = ownNamespaces(config).services;
  for (const [service, { ports = [], network_mode: mode = '' }] of Object.entries(services)) {
    if (ports.length === 0 || !/^(service|container):/.test(mode)) continue;
    const message = `a container with network_mode ${JSON.stringify(mode)} cannot publish ports`;
    const lender = /^service:(.+)$/.exec(joined[service]?.network_mode ?? '')?.[1];
    const hint = lender === undefined ? {} : { hint: `Publish them on "${lender}".` };
    yield { path: ['services', service, 'ports'], message, ...hint };
  }
};
