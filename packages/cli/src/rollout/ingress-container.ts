import { CONFIG_DIRECTORY, configFile } from '../ingress/config-file.ts';
import { type Ingress, openIngress } from '../ingress/open-ingress.ts';
import type { ContainerSummary } from '../model/engine.ts';
import { LABEL } from '../model/names.ts';
import type { IngressState } from '../model/observed.ts';
import { type RolloutContext, serviceOf } from './context.ts';

/** Seconds within which requests in flight may end when an ingress stops. */
const STOP_MS = 10_000;

/**
 * Makes an ingress's container with its configuration, not started: its ports may still belong to another. The image
 * declares a volume there, so that each container has one of its own: the former ingress keeps what it was told.
 */
export async function createIngress(
  context: RolloutContext,
  serviceName: string,
  container: string,
  state: IngressState,
  spec: string,
): Promise<void> {
  const { engine, project, release, ingressImage } = context;
  const service = serviceOf(context, serviceName);
  const labels = { [LABEL.project]: project.name, [LABEL.service]: serviceName, [LABEL.release]: release };
  const id = await engine.createContainer({
    name: container,
    image: ingressImage,
    labels: {
      ...labels,
      [LABEL.role]: 'ingress',
      [LABEL.spec]: spec,
      'com.docker.compose.project': project.name,
      'com.docker.compose.service': serviceName,
      'com.docker.compose.oneoff': 'True',
    },
    networks: project.networks
      .filter(({ key }) => service.networks.includes(key))
      .map(({ name }) => ({ name, aliases: [serviceName] })),
    ports: service.ports,
    // Not unless-stopped: Engine 20.10 that was killed counts what it finds running afterwards as stopped by hand.
    restart: 'always',
    stopGracePeriodMs: STOP_MS,
    capDrop: ['ALL'],
    securityOpt: ['no-new-privileges'],
  });
  await engine.writeFiles(id, CONFIG_DIRECTORY, [configFile(state)]);
}

/** Stops an ingress, requests in flight first; it is kept until another has taken over. */
export const stopIngress = async (context: RolloutContext, service: string, container: string): Promise<void> => {
  await closeSession(context.sessions, service);
  const own = await ownContainer(context, container);
  if (own !== undefined) await context.engine.stopContainer(own, STOP_MS);
};

/** Removes an ingress's container, and with it the configuration. */
export const removeIngress = async (context: RolloutContext, service: string, container: string): Promise<void> => {
  await closeSession(context.sessions, service);
  const own = await ownContainer(context, container);
  if (own !== undefined) await context.engine.removeContainer(own, { force: true });
};

/** Id of the project's own container of that name; a foreign one may have it, and is left alone. */
async function ownContainer({ engine, project }: RolloutContext, container: string): Promise<string | undefined> {
  const found = await engine.inspectContainer(container);
  return found?.labels[LABEL.project] === project.name ? found.id : undefined;
}

/** The open session with the running ingress of a service; undefined where none runs. One session serves all acts. */
export async function ingressOf(context: RolloutContext, service: string): Promise<Ingress | undefined> {
  const { engine, sessions } = context;
  const open = sessions.get(service);
  if (open !== undefined) return open;
  const running = await runningIngress(context, service);
  if (running === undefined) return undefined;
  // Another act may have opened one meanwhile.
  const opening =
    sessions.get(service) ??
    openIngress(engine, running.id).then(async (ingress) => {
      await ingress.sync();
      return ingress;
    });
  sessions.set(service, opening);
  opening.catch(() => sessions.delete(service));
  return opening;
}

/** The container of a service's ingress, where it runs. */
export async function runningIngress(
  { engine, project }: RolloutContext,
  service: string,
): Promise<ContainerSummary | undefined> {
  const found = await engine.listContainers({
    [LABEL.project]: project.name,
    [LABEL.role]: 'ingress',
    [LABEL.service]: service,
  });
  return found.find(({ state }) => state === 'running');
}

async function closeSession(sessions: RolloutContext['sessions'], service: string): Promise<void> {
  const open = sessions.get(service);
  sessions.delete(service);
  (await open?.catch(() => undefined))?.close();
}
