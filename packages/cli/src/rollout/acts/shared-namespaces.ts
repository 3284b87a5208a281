import { ownContainers } from '../../ledger/own-containers.ts';
import { LobbieError } from '../../model/errors.ts';
import { LABEL } from '../../model/names.ts';
import type { Service } from '../../model/service.ts';
import { lenderOf, lendersOf } from '../../plan/dependencies.ts';
import type { Given } from '../given/given.ts';

type SharedContext = Pick<Given, 'engine' | 'projectName' | 'release' | 'ledger'>;

/** The namespaces that a container shares with another: network, processes, memory. Absent: it has its own. */
export interface SharedNamespaces {
  readonly networkMode?: string;
  readonly ipc?: string;
  readonly pid?: string;
}

/** Whether a service shares something with another service's container, which must run before it can be created. */
export const sharesWithService = (service: Service): boolean => lendersOf(service).length > 0;

/** The modes of a service for the engine: `service:web` becomes `container:<id>`. */
export async function sharedNamespaces(context: SharedContext, service: Service): Promise<SharedNamespaces> {
  const { networkMode, settings } = service;
  const [network, ipc, pid] = await Promise.all(
    [networkMode, settings.ipc, settings.pid].map((mode) => modeOf(context, mode)),
  );
  return {
    ...(network !== undefined && { networkMode: network }),
    ...(ipc !== undefined && { ipc }),
    ...(pid !== undefined && { pid }),
  };
}

async function modeOf(context: SharedContext, mode: string | undefined): Promise<string | undefined> {
  const lender = lenderOf(mode);
  if (lender !== undefined) return `container:${await ownerOf(context, context.projectName, lender)}`;
  const container = /^container:(.+)$/.exec(mode ?? '')?.[1];
  if (container === undefined) return mode;
  // An ingress, possibly of another project, may have the name. Then this means the container behind it.
  const labels = (await context.engine.inspectContainer(container))?.labels ?? {};
  const { [LABEL.project]: project, [LABEL.service]: service, [LABEL.role]: role } = labels;
  if (role !== 'ingress' || project === undefined || service === undefined) return mode;
  return `container:${await ownerOf(context, project, service)}`;
}

/** The id of a service's running container; if the rollout replaces it, the new one. */
async function ownerOf(
  { engine, projectName: own, release, ledger }: SharedContext,
  projectName: string,
  service: string,
): Promise<string> {
  const labels = { [LABEL.role]: 'replica', [LABEL.service]: service };
  const containers = await ownContainers(engine, projectName, labels, projectName === own ? ledger : undefined);
  const running = containers.filter(({ state }) => state === 'running');
  const owner = running.find((one) => one.labels[LABEL.release] === release) ?? running[0];
  if (owner !== undefined) return owner.id;
  const whose = projectName === own ? service : `${service} of project ${projectName}`;
  throw new LobbieError(
    'GATE_FAILED',
    `No container of service ${whose} is running, so another service cannot share its namespaces.`,
    {
      hint: `Run \`lobbie logs ${service}\` to see why.`,
    },
  );
}
