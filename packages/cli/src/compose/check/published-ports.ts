import { isIP } from 'node:net';
import type { Rule } from './rule.ts';

interface Holder {
  readonly service: string;
  /** Empty: all addresses. */
  readonly address: string;
}

/** Ports of the host that two services, or one twice, want to publish. */
export const portClashes: Rule = function* ({ services }) {
  const held = new Map<string, Holder[]>();
  for (const [service, { ports = [] }] of Object.entries(services)) {
    for (const { published = '', protocol = 'tcp', host_ip: address = '' } of ports) {
      // Of a range, any free port is taken.
      if (!/^\d+$/.test(published) || Number(published) === 0) continue;
      const key = `${Number(published)}/${protocol}`;
      const holders = held.get(key) ?? [];
      held.set(key, holders);
      const other = holders.find((holder) => overlap(holder.address, address));
      if (other === undefined) {
        holders.push({ service, address });
        continue;
      }
      const who = other.service === service ? 'published twice' : `also published by "${other.service}"`;
      yield { path: ['services', service, 'ports'], message: `the port ${key} of the host is ${who}` };
    }
  }
};

/** Ports whose address is none, or that a container cannot publish because its network is not its own. */
export const impossiblePorts: Rule = function* ({ services }) {
  for (const [service, { ports = [], network_mode: mode = '' }] of Object.entries(services)) {
    const path = ['services', service, 'ports'];
    for (const { host_ip: address = '' } of ports)
      if (address !== '' && isIP(address) === 0)
        yield { path, message: `expected an IP address in host_ip, got ${JSON.stringify(address)}` };
    if (ports.length > 0 && /^(service|container):/.test(mode)) {
      const hint = mode.startsWith('service:') ? `Publish them on "${mode.slice('service:'.length)}".` : undefined;
      const message = `a container with network_mode ${JSON.stringify(mode)} cannot publish ports`;
      yield { path, message, ...(hint === undefined ? {} : { hint }) };
    }
  }
};

function overlap(one: string, other: string): boolean {
  if (one === other || one === '' || other === '') return true;
  const [a, b] = [isIP(one), isIP(other)];
  return a === b && (isAny(one) || isAny(other));
}

const isAny = (address: string): boolean => address === '0.0.0.0' || /^[0:]+$/.test(address);
