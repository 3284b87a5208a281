import type { ContainerSummary, Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL } from '../model/names.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import { isPortFree } from './is-port-free.ts';

/**
 * Tells before anything changes what would stop the plan half-way, or what it would take from others: a network that
 * someone else made, a published port that another container or, on this machine, another program holds.
 *
 * @throws LobbieError `NAME_TAKEN`, `PORT_IN_USE`
 */
export async function checkForeign(engine: Engine, plan: Plan, project: Project): Promise<void> {
  await Promise.all([checkNetworks(engine, project), checkPorts(engine, plan, project)]);
}

async function checkNetworks(engine: Engine, project: Project): Promise<void> {
  for (const { name } of project.networks) {
    const found = await engine.inspectNetwork(name);
    if (found === undefined || found.labels[LABEL.project] === project.name) continue;
    const owner = found.labels['com.docker.compose.project'];
    throw new LobbieError(
      'NAME_TAKEN',
      `Network ${name} is there already, and ${owner === undefined ? 'lobbie did not make it' : `belongs to Compose project ${owner}`}.`,
      {
        hint: `Look who uses it: docker network inspect ${name}\nThen remove it (docker network rm ${name}), or deploy under another name: lobbie deploy -p <name>`,
      },
    );
  }
}

async function checkPorts(engine: Engine, plan: Plan, project: Project): Promise<void> {
  const creating = plan.steps.flatMap(({ step }) => (step.kind === 'create-ingress' ? [step.service] : []));
  if (creating.length === 0) return;
  const containers = await engine.listAllContainers();
  for (const service of project.services.filter(({ name }) => creating.includes(name))) {
    for (const { published, hostIp = '' } of service.ports.filter((port) => port.published !== 0)) {
      const holder = containers.find((container) => holds(container, published, hostIp));
      // The project's own ingress hands its port over.
      if (holder?.labels[LABEL.project] === project.name) continue;
      if (holder !== undefined) throw heldByContainer(published, service.name, holder);
      if (engine.endpoint.local && !(await isPortFree(published, hostIp))) throw heldByProgram(published, service.name);
    }
  }
}

const holds = ({ state, ports }: ContainerSummary, published: number, hostIp: string): boolean =>
  state === 'running' && ports.some((port) => port.published === published && overlap(port.hostIp, hostIp));

const overlap = (a: string, b: string): boolean => isAny(a) || isAny(b) || a === b;
const isAny = (address: string): boolean => address === '' || address === '0.0.0.0' || address === '::';

function heldByContainer(port: number, service: string, { name, labels }: ContainerSummary): LobbieError {
  const own = labels[LABEL.project];
  const owner = own ?? labels['com.docker.compose.project'];
  return new LobbieError(
    'PORT_IN_USE',
    `Port ${port} of service ${service} is in use by container ${name}${owner === undefined ? '' : ` (project ${owner})`}.`,
    {
      hint: `Free it: ${own === undefined ? `docker stop ${name}` : `lobbie down -p ${own}`}`,
    },
  );
}

const heldByProgram = (port: number, service: string): LobbieError =>
  new LobbieError(
    'PORT_IN_USE',
    `Port ${port} of service ${service} is in use on this machine, by a program that is no container.`,
    {
      hint: `Find out which: sudo ss -ltnp 'sport = :${port}'   (macOS: sudo lsof -nP -iTCP:${port} -sTCP:LISTEN)`,
    },
  );
