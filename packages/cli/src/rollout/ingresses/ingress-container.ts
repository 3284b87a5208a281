import { configFiles } from '../../ingress/config-file.ts';
import { CONFINEMENT } from '../../ingress/confinement.ts';
import { type Ingress, openIngress } from '../../ingress/open-ingress.ts';
import { addCounters, NO_REQUESTS } from '../../ingress/read-counters.ts';
import { CONFIG_DIRECTORY, START_COMMAND, STOP_SIGNAL } from '../../ingress/render-haproxy-config.ts';
import { isOwnContainer, ownContainers } from '../../ledger/own-containers.ts';
import type { ContainerDetails, ContainerSummary, EndpointSpec } from '../../model/container.ts';
import type { IngressState } from '../../model/ingress.ts';
import { ingressAlias, ingressName, LABEL } from '../../model/names.ts';
import { namesOf } from '../../model/names-of.ts';
import type { Step } from '../../model/plan.ts';
import { networkName, type Project } from '../../model/project.ts';
import { ingressPorts, type Service } from '../../model/service.ts';
import { ingressContainerName, namesAtIngress } from '../../model/service-names.ts';
import { exposedByIngress, shownByIngress } from '../../model/shown-to-proxies.ts';
import { exposedPorts } from '../../plan/ingress-state.ts';
import { knownService, type RolloutContext, serviceOf } from '../context.ts';
import { isComposeContainer } from '../observe/is-compose-container.ts';
import { fixAddresses } from './fix-addresses.ts';
import { readPeers } from './read-peers.ts';
import { warnOfExposed } from './warn-of-exposed.ts';

const NO_HEALTHCHECK = { test: ['NONE'], intervalMs: 0, timeoutMs: 0, retries: 0, startPeriodMs: 0 } as const;

/** Seconds within which requests in flight may end when an ingress stops. */
const STOP_MS = 10_000;

/**
 * Makes an ingress's container with its configuration, not started: its ports may still belong to another. The image
 * declares a volume there, so that each container has one of its own: the former ingress keeps what it was told.
 */
export async function createIngress(
  context: RolloutContext,
  { service: name, container, state: planned, spec }: Extract<Step, { kind: 'create-ingress' }>,
): Promise<void> {
  const { engine, project, release, ingressImage, made, told, traits } = context;
  const service = serviceOf(context, name);
  const shown = shownByIngress(service);
  const exposed = exposedByIngress(service, exposedPorts(service, traits[name]));
  const id = await engine.createContainer({
    name: container,
    image: ingressImage,
    labels: {
      ...shown.labels,
      [LABEL.project]: project.name,
      [LABEL.service]: name,
      [LABEL.release]: release,
      [LABEL.role]: 'ingress',
      [LABEL.spec]: spec,
      'com.docker.compose.project': project.name,
      'com.docker.compose.service': name,
      'com.docker.compose.oneoff': 'True',
    },
    environment: shown.environment,
    entrypoint: START_COMMAND,
    command: [],
    stopSignal: STOP_SIGNAL,
    networks: await fixAddresses(context, endpointsOf(service, project), {
      part: 'names',
      key: `${project.name} ${name}`,
      before: { [LABEL.role]: 'ingress', [LABEL.service]: name },
    }),
    ports: ingressPorts(service),
    expose: exposed,
    // Reverse proxies pass over a container whose healthcheck has not passed yet.
    healthcheck: NO_HEALTHCHECK,
    // Not unless-stopped: Engine 20.10 that was killed counts what it finds running afterwards as stopped by hand.
    restart: { name: 'always' },
    stopGracePeriodMs: STOP_MS,
    ...CONFINEMENT,
  });
  made.set(container, id);
  await warnOfExposed(context, service, exposed);
  const state = { ...planned, peers: await readPeers(engine, service, project) };
  await engine.writeFiles(id, CONFIG_DIRECTORY, configFiles(state));
  told.set(id, state);
}

/** The names that the service is known by and the addresses that the file gives are the ingress's, but for UDP. */
const endpointsOf = (service: Service, project: Project): EndpointSpec[] => {
  const isKnown = namesAtIngress(service);
  return service.networks.map(({ key, ipv4Address, ipv6Address, linkLocalIps }) => ({
    ...(isKnown && ipv4Address !== undefined && { ipv4Address }),
    ...(isKnown && ipv6Address !== undefined && { ipv6Address }),
    ...(isKnown && linkLocalIps && { linkLocalIps }),
    name: networkName(project.networks, key),
    aliases: [...(isKnown ? namesOf(service, key) : []), ingressAlias(project.name, service.name)],
  }));
};

/**
 * Starts an ingress under the name it is to serve under: a new one takes over the container name of the file, a former
 * one that of the release it belongs to, or the name that it had.
 */
export async function startIngress(context: RolloutContext, serviceName: string, container: string): Promise<void> {
  const { engine, made } = context;
  // Another one serves from now on than an open session knows.
  await closeSession(context.sessions, serviceName);
  const own = await ownIngress(context, container);
  const described = made.has(container) ? context.project : context.ledger.state.current?.project;
  const known = described?.services.find(({ name }) => name === serviceName);
  const wanted = (known && ingressContainerName(known)) ?? container;
  if (own !== undefined && own.name !== wanted) {
    await freeName(context, wanted);
    await engine.renameContainer(own.id, wanted);
  }
  await engine.startContainer(own?.id ?? container);
  // A replica that started meanwhile may have spoken to the one that has stopped.
  await closeSession(context.sessions, serviceName);
  // While replicas start: the first one that passes its gate is admitted at once.
  ingressOf(context, serviceName).catch(() => undefined);
}

/** Gives a running ingress its new configuration. */
export async function configureIngress(context: RolloutContext, name: string, state: IngressState): Promise<void> {
  const { engine, project } = context;
  const ingress = await ingressOf(context, name);
  const service = knownService(context, name);
  await ingress?.configure(service ? { ...state, peers: await readPeers(engine, service, project) } : state);
}

/** Stops an ingress, requests in flight first; it is kept until another has taken over. */
export const stopIngress = async (context: RolloutContext, service: string, container: string): Promise<void> => {
  const own = await ownIngress(context, container);
  if (own?.state === 'running') await carryCounters(context, service);
  await closeSession(context.sessions, service);
  if (own !== undefined) await context.engine.stopContainer(own.id, STOP_MS);
};

/** Removes an ingress's container, and with it the configuration. */
export const removeIngress = async (context: RolloutContext, service: string, container: string): Promise<void> => {
  const own = await ownIngress(context, container);
  if (own?.state === 'running') await carryCounters(context, service);
  await closeSession(context.sessions, service);
  if (own !== undefined) await context.engine.removeContainer(own.id, { force: true });
};

/** What the ingress of an open session has counted ends with its container. */
async function carryCounters({ sessions, carried }: RolloutContext, service: string): Promise<void> {
  const open = await sessions.get(service)?.catch(() => undefined);
  const counted = await open?.counters().catch(() => undefined);
  if (counted !== undefined) carried.set(service, addCounters(carried.get(service) ?? NO_REQUESTS, counted));
}

/** The project's own container that had the name when the plan was made; a foreign one may have it, and is left alone. */
async function ownIngress(
  { engine, project, ledger, made, ids }: RolloutContext,
  container: string,
): Promise<ContainerDetails | undefined> {
  const found = await engine.inspectContainer(made.get(container) ?? ids.get(container) ?? container);
  if (found === undefined || !(await isOwnContainer(engine, project.name, found, ledger))) return undefined;
  return found;
}

/** Gives another name to what the project itself has under this one; anything else keeps it. */
async function freeName({ engine, project, ledger }: RolloutContext, name: string): Promise<void> {
  const holder = await engine.inspectContainer(name);
  if (holder === undefined) return;
  const { labels, id } = holder;
  if (await isOwnContainer(engine, project.name, holder, ledger))
    await engine.renameContainer(
      id,
      ingressName(project.name, labels[LABEL.service] ?? '', labels[LABEL.release] ?? ''),
    );
  // As Compose itself names what it replaces.
  else if (await isComposeContainer(engine, project.name, holder))
    await engine.renameContainer(id, `${id.slice(0, 12)}_${name}`);
}

/** The open session with the running ingress of a service; undefined where none runs. One session serves all acts. */
export async function ingressOf(context: RolloutContext, service: string): Promise<Ingress | undefined> {
  const { sessions, told } = context;
  const open = sessions.get(service);
  if (open !== undefined) return open;
  const running = await runningIngress(context, service);
  if (running === undefined) return undefined;
  // Another act may have opened one meanwhile.
  const opening = sessions.get(service) ?? openIngress(context, running.id, told.get(running.id));
  told.delete(running.id);
  sessions.set(service, opening);
  opening.catch(() => sessions.delete(service));
  return opening;
}

/** The container of a service's ingress, where it runs. */
export async function runningIngress(
  { engine, project, ledger }: RolloutContext,
  service: string,
): Promise<ContainerSummary | undefined> {
  const labels = { [LABEL.role]: 'ingress', [LABEL.service]: service };
  const found = await ownContainers(engine, project.name, labels, ledger);
  return found.find(({ state }) => state === 'running');
}

async function closeSession(sessions: RolloutContext['sessions'], service: string): Promise<void> {
  const open = sessions.get(service);
  sessions.delete(service);
  (await open?.catch(() => undefined))?.close();
}
