import { imageLabels } from '../../ledger/image-labels.ts';
import type { ContainerSummary } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import { hostIpsOverlap } from '../../model/host-ip.ts';
import { isAlive } from '../../model/is-alive.ts';
import { LABEL } from '../../model/names.ts';
import type { Project } from '../../model/project.ts';
import { posingLabels } from '../../model/reserved.ts';
import { ingressPorts, isFixedPort, ownPorts, type PublishedPort, type Service } from '../../model/service.ts';
import { isPortFree } from './is-port-free.ts';

interface Wanted extends PublishedPort {
  readonly service: string;
}

/**
 * Checks that the published ports of everything about to start are free: those of replicas and of ingresses.
 *
 * @param staying containers that keep running
 * @param all containers, including those that give up their ports
 * @throws LobbieError `PORT_IN_USE`
 */
export async function checkPorts(
  engine: Engine,
  staying: readonly ContainerSummary[],
  all: readonly ContainerSummary[],
  { project, starting, fronted }: { project: Project; starting: readonly Service[]; fronted: readonly Service[] },
): Promise<void> {
  const wanted = [
    ...fronted.flatMap((service) => ingressPorts(service).map((port): Wanted => ({ ...port, service: service.name }))),
    ...starting.flatMap((service) => ownPorts(service).map((port): Wanted => ({ ...port, service: service.name }))),
    // The engine picks a free port from a range.
  ].filter(isFixedPort);
  for (const port of wanted) {
    const holder = staying.find((container) => holds(container, port));
    if (holder !== undefined) throw heldByContainer(port, project.name, holder, await posesAsOwn(engine, holder));
    const handedOver = all.some((container) => isAlive(container) && holds(container, port));
    if (!handedOver && engine.endpoint.local && !(await isPortFree(port.published, port.hostIp ?? '', port.protocol)))
      throw heldByProgram(port);
  }
}

const holds = ({ ports }: ContainerSummary, { published, hostIp, protocol }: Wanted): boolean =>
  ports.some(
    (port) => port.published === published && port.protocol === protocol && hostIpsOverlap(port.hostIp, hostIp),
  );

/** Its image has the labels, so they say nothing about who created it. */
const posesAsOwn = async (engine: Engine, { imageId }: ContainerSummary): Promise<boolean> =>
  posingLabels((await imageLabels(engine, imageId)) ?? {}).length > 0;

function heldByContainer(
  port: Wanted,
  project: string,
  { name, labels }: ContainerSummary,
  isPoser: boolean,
): LobbieError {
  if (isPoser) return heldBy(port, name, undefined, `Free it: docker stop ${name}`);
  const own = labels[LABEL.project];
  const owner = own ?? labels['com.docker.compose.project'];
  const free =
    owner === project
      ? 'lobbie deploy --remove-orphans'
      : own === undefined
        ? `docker stop ${name}`
        : `lobbie down -p ${own}`;
  if (owner !== project) return heldBy(port, name, owner, `Free it: ${free}`);
  return heldBy(port, name, undefined, `It is no longer in the Compose file. Remove it: ${free}`);
}

const heldBy = (port: Wanted, name: string, owner: string | undefined, hint: string): LobbieError =>
  new LobbieError(
    'PORT_IN_USE',
    `${nameOf(port)} is in use by container ${name}${owner === undefined ? '' : ` (project ${owner})`}.`,
    { hint, facts: { port } },
  );

const heldByProgram = (port: Wanted): LobbieError =>
  new LobbieError('PORT_IN_USE', `${nameOf(port)} is in use on this machine by a program outside containers.`, {
    hint: `Find out which: sudo ss -ln${port.protocol === 'udp' ? 'u' : 't'}p 'sport = :${port.published}'   (macOS: sudo lsof -nP -i${port.protocol.toUpperCase()}:${port.published})`,
    facts: { port },
  });

const nameOf = ({ published, protocol, service }: Wanted): string =>
  `Port ${published}${protocol === 'tcp' ? '' : `/${protocol}`} of service ${service}`;
