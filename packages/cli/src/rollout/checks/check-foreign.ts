import { isOwnContainer } from '../../ledger/own-containers.ts';
import type { ContainerSummary } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import { isAlive } from '../../model/is-alive.ts';
import { LABEL } from '../../model/names.ts';
import type { Plan } from '../../model/plan.ts';
import { networkName, type Project } from '../../model/project.ts';
import type { Service } from '../../model/service.ts';
import { namesAtIngress } from '../../model/service-names.ts';
import type { ToldStep } from '../../model/step.ts';
import { isComposeContainer } from '../observe/is-compose-container.ts';
import { belongsTo } from '../observe/own-networks-and-volumes.ts';
import { checkPorts } from './check-ports.ts';

/**
 * Reports before anything changes what would stop the plan halfway or take something from others: a network or a
 * container name that someone else created, or a published port or static address that another container or, on this
 * machine, another program has.
 *
 * @throws LobbieError `NAME_TAKEN`, `PORT_IN_USE`
 */
export async function checkForeign(engine: Engine, plan: Plan<ToldStep>, project: Project): Promise<void> {
  const starting = servicesThat(plan, project, ['start-replica', 'create-replica', 'run-job']);
  const fronted = servicesThat(plan, project, ['create-ingress']);
  await Promise.all([checkNetworks(engine, project), checkNames(engine, fronted, project.name)]);
  if (starting.length + fronted.length === 0) return;
  const containers = await engine.listAllContainers();
  const staying = containers.filter((container) => isAlive(container) && !isLeaving(container, plan));
  const addressed = [
    ...starting.filter((service) => !namesAtIngress(service)),
    ...fronted.filter((service) => namesAtIngress(service)),
  ];
  checkAddresses(project, addressed, staying);
  await checkPorts(engine, staying, containers, { project, starting, fronted });
}

const servicesThat = (plan: Plan<ToldStep>, { services }: Project, kinds: readonly string[]): Service[] => {
  const touched = new Set(
    plan.steps.flatMap(({ step }) => {
      if (!kinds.includes(step.kind)) return [];
      return 'replica' in step ? [step.replica.service] : 'service' in step ? [step.service] : [];
    }),
  );
  return services.filter(({ name }) => touched.has(name));
};

/** A container that the plan stops gives up its ports and addresses. */
const isLeaving = ({ name }: ContainerSummary, { steps }: Plan<ToldStep>): boolean =>
  steps.some(
    ({ step }) =>
      (step.kind === 'stop-ingress' || step.kind === 'stop-replica' || step.kind === 'stop-former') &&
      step.container === name,
  );

async function checkNetworks(engine: Engine, project: Project): Promise<void> {
  for (const { name, external } of project.networks) {
    if (external) continue;
    const found = await engine.inspectNetwork(name);
    if (found === undefined || belongsTo(project.name, found.labels)) continue;
    const owner = found.labels[LABEL.project] ?? found.labels['com.docker.compose.project'];
    throw new LobbieError(
      'NAME_TAKEN',
      `Network ${name} already exists, ${owner === undefined ? 'and lobbie did not create it' : `and belongs to project ${owner}`}.`,
      {
        hint: `See who uses it: docker network inspect ${name}\nThen remove it (docker network rm ${name}), or deploy under another name: lobbie deploy -p <name>\nTo use it as it is, set \`external: true\` in the Compose file.`,
      },
    );
  }
}

/** Only an ingress has the `container_name` from the file. */
async function checkNames(engine: Engine, services: readonly Service[], project: string): Promise<void> {
  for (const { name, containerName } of services) {
    const holder = containerName === undefined ? undefined : await engine.inspectContainer(containerName);
    if (holder === undefined || (await isOwnContainer(engine, project, holder))) continue;
    if (await isComposeContainer(engine, project, holder)) continue;
    throw new LobbieError(
      'NAME_TAKEN',
      `Another container already has the container_name ${containerName} of service ${name}.`,
      {
        hint: `Inspect it: docker inspect ${containerName}\nThen remove it (docker rm ${containerName}) or use another container_name.`,
      },
    );
  }
}

function checkAddresses(project: Project, starting: readonly Service[], staying: readonly ContainerSummary[]): void {
  for (const service of starting) {
    for (const { key, ipv4Address } of service.networks) {
      if (ipv4Address === undefined) continue;
      const network = networkName(project.networks, key);
      const holder = staying.find(({ addresses }) => addresses[network] === ipv4Address);
      if (holder === undefined) continue;
      throw new LobbieError(
        'NAME_TAKEN',
        `Container ${holder.name} already has the address ${ipv4Address} of service ${service.name} in network ${network}.`,
        { hint: `Give it another address, or stop the other container: docker stop ${holder.name}` },
      );
    }
  }
}
