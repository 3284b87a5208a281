import { hostIpsOverlap } from '../../model/host-ip.ts';
import { isBelow } from '../../model/mount.ts';
import type { Project } from '../../model/project.ts';
import { hasIngress, isFixedPort, mayHaveIngress, ownPorts, type Service } from '../../model/service.ts';
import { namesAtIngress } from '../../model/service-names.ts';
import type { Tell } from './reading.ts';

/** Reports what cannot run: two services with the same port, address or name, and names that are too long. */
export function clashesOf({ name, services }: Project, problem: Tell): void {
  portClashes(services, problem);
  for (const service of services) checkName(name, service, problem);
  for (const service of services) copyClashes(service, problem);
  for (const service of services) targetClashes(service, problem);
}

/** The ingress resolves replicas by name, and a part of a DNS name has at most 63 characters. */
function checkName(project: string, service: Service, problem: Tell): void {
  const { length } = `${project}-${service.name}-${service.replicas}-k3f9x2`;
  if (!hasIngress(service) || length <= LONGEST_NAME) return;
  problem(
    `services.${service.name}`,
    `the names of its containers would have ${length} characters, but a DNS name has at most ${LONGEST_NAME}`,
    'Shorten it, or the project name: -p <name>',
  );
}

const LONGEST_NAME = 63;

/** Only one service can have a port on an address of the host. */
function portClashes(services: readonly Service[], problem: Tell): void {
  const taken = new Map<string, { name: string; hostIp: string | undefined }[]>();
  for (const { name, ports } of services) {
    for (const [index, { published, publishedEnd, protocol, hostIp }] of ports.entries()) {
      if (published === 0 || publishedEnd !== undefined) continue;
      const port = `${published}/${protocol}`;
      const owners = taken.get(port) ?? [];
      const owner = owners.find((one) => hostIpsOverlap(one.hostIp, hostIp));
      taken.set(port, [...owners, { name, hostIp }]);
      if (owner === undefined) continue;
      const who = owner.name === name ? 'twice' : `by ${owner.name} too`;
      problem(`services.${name}.ports[${index}]`, `port ${port} is published ${who}`);
    }
  }
}

/** A path in a container can have only one mount or file. */
function targetClashes({ name, mounts, files }: Service, problem: Tell): void {
  for (const [index, { kind, name: file, target }] of files.entries()) {
    const path = `services.${name}.${kind}s`;
    const mount = mounts.find((one) => bare(one.target) === target || isBelow(bare(one.target), target));
    if (mount !== undefined) problem(path, `${file} has the target ${target}, but ${mount.target} is a mount`);
    const other = files.slice(0, index).find((one) => one.target === target);
    if (other !== undefined) problem(path, `${file} and ${other.kind} ${other.name} have the same target ${target}`);
  }
}

const bare = (path: string): string => path.replace(/(?<=[^/])\/{1,99}$/, '');

/** Settings that only one container can have. */
function copyClashes(service: Service, problem: Tell): void {
  const path = `services.${service.name}`;
  const startFirst = service.update.order === 'start-first';
  if (service.replicas < 2 && !startFirst) return;
  const who = service.replicas > 1 ? `${service.replicas} replicas` : 'two containers, as start-first needs,';
  const one = service.replicas > 1 ? 'Run one replica.' : 'Set `order: stop-first`.';
  const fixed = ownPorts(service).find(isFixedPort);
  if (fixed !== undefined) problem(path, `${who} cannot both publish port ${fixed.published}/${fixed.protocol}`, one);
  for (const { key, ipv4Address, ipv6Address } of namesAtIngress(service) ? [] : service.networks) {
    const address = ipv4Address ?? ipv6Address;
    if (address !== undefined)
      problem(`${path}.networks.${key}`, `${who} cannot both have the address ${address}`, one);
  }
  if (service.containerName !== undefined && service.replicas > 1 && !mayHaveIngress(service))
    problem(`${path}.container_name`, `${who} cannot both be named ${service.containerName}`, one);
}
