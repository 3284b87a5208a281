import { ownContainers } from '../ledger/own-containers.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL } from '../model/names.ts';
import type { Service } from '../model/service.ts';
import type { RolloutContext } from './context.ts';

const SERVICE = 'service:';

/** What a container shares with another: its network, its processes, its memory. Absent: it has its own. */
export interface SharedNamespaces {
  readonly networkMode?: string;
  readonly ipc?: string;
  readonly pid?: string;
}

/** Whether a service shares something with the container of another, which has to run before it can be made. */
export const sharesWithService = ({ networkMode, settings: { ipc, pid } }: Service): boolean =>
  [networkMode, ipc, pid].some((mode) => mode?.startsWith(SERVICE));

/** The modes of a service as the engine takes them: `service:web` is `container:<id>` there. */
export async function sharedNamespaces(context: RolloutContext, service: Service): Promise<SharedNamespaces> {
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

/** Of a service that this rollout replaces it is the new container. */
async function modeOf(
  { engine, project, release, ledger }: RolloutContext,
  mode: string | undefined,
): Promise<string | undefined> {
  if (!mode?.startsWith(SERVICE)) return mode;
  const service = mode.slice(SERVICE.length);
  const containers = await ownContainers(
    engine,
    project.name,
    { [LABEL.role]: 'replica', [LABEL.service]: service },
    ledger,
  );
  const running = containers.filter(({ state }) => state === 'running');
  const owner = running.find(({ labels }) => labels[LABEL.release] === release) ?? running[0];
  if (owner !== undefined) return `container:${owner.id}`;
  throw new LobbieError('GATE_FAILED', `No container of service ${service} runs that another could share with.`, {
    hint: `Run \`lobbie logs ${service}\` to see why.`,
  });
}
