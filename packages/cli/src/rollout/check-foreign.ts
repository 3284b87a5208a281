import type { ContainerSummary, Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL } from '../model/names.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../model/project.ts';

/**
 * Tells before anything changes what would stop the plan half-way: a published port that another container holds.
 * A port that some program holds outside the engine shows when the ingress starts; that is undone like any failure.
 *
 * @throws LobbieError `PORT_IN_USE`
 */
export async function checkForeign(engine: Engine, plan: Plan, project: Project): Promise<void> {
  const creating = plan.steps.flatMap(({ step }) => (step.kind === 'create-ingress' ? [step.service] : []));
  if (creating.length === 0) return;
  const others = (await engine.listAllContainers()).filter(({ labels }) => labels[LABEL.project] !== project.name);
  for (const service of project.services.filter(({ name }) => creating.includes(name))) {
    for (const { published, hostIp = '' } of service.ports) {
      const holder = others.find((other) => holds(other, published, hostIp));
      if (holder !== undefined) throw portInUse(published, service.name, holder);
    }
  }
}

const holds = ({ state, ports }: ContainerSummary, published: number, hostIp: string): boolean =>
  state === 'running' &&
  ports.some((port) => port.published === published && published !== 0 && overlap(port.hostIp, hostIp));

const overlap = (a: string, b: string): boolean => isAny(a) || isAny(b) || a === b;
const isAny = (address: string): boolean => address === '' || address === '0.0.0.0' || address === '::';

function portInUse(port: number, service: string, holder: ContainerSummary): LobbieError {
  const owner = holder.labels['com.docker.compose.project'] ?? holder.labels[LABEL.project];
  return new LobbieError(
    'PORT_IN_USE',
    `Port ${port} of service ${service} is in use by container ${holder.name}${owner === undefined ? '' : ` (project ${owner})`}.`,
    {
      hint: `Publish another port, or stop that container: \`docker stop ${holder.name}\`.`,
    },
  );
}
