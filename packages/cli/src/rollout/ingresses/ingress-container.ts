import { configFiles } from '../../ingress/config-file.ts';
import { CONFINEMENT } from '../../ingress/confinement.ts';
import { type Ingress, openIngress } from '../../ingress/open-ingress.ts';
import { addCounters, NO_REQUESTS } from '../../ingress/read-counters.ts';
import { CONFIG_DIRECTORY, START_COMMAND, STOP_SIGNAL } from '../../ingress/render-haproxy-config.ts';
import { isOwnContainer, ownContainers } from '../../ledger/own-containers.ts';
import type { ContainerDetails, ContainerSummary } from '../../model/container.ts';
import { ingressName, LABEL } from '../../model/names.ts';
import type { ActOf } from '../../model/step.ts';
import type { Given, GivenUnderLease } from '../given/given.ts';
import { isComposeContainer } from '../observe/is-compose-container.ts';
import { fixAddresses } from './fix-addresses.ts';
import type { IngressesFound } from './ingresses-found.ts';
import { readPeers } from './read-peers.ts';
import { warnOfExposed } from './warn-of-exposed.ts';

/** The context for reaching a service's ingress. */
export type SessionContext = Pick<Given, 'engine' | 'clock' | 'projectName' | 'ledger'> &
  Pick<IngressesFound, 'sessions' | 'told'>;

/** The context for creating, starting and stopping ingresses. */
export type IngressContext = GivenUnderLease & IngressesFound;

const NO_HEALTHCHECK = { test: ['NONE'], intervalMs: 0, timeoutMs: 0, retries: 0, startPeriodMs: 0 } as const;

/** Seconds within which requests in flight may end when an ingress stops. */
const STOP_MS = 10_000;

/**
 * Creates an ingress's container with its configuration, without starting it, because another one may still have its
 * ports.
 * The image declares a volume for the configuration, so each container has its own, and the old ingress keeps its
 * state.
 */
export async function createIngress(
  context: IngressContext,
  { service: name, container, state: planned, spec, input }: ActOf<'create-ingress'>,
): Promise<void> {
  const { engine, projectName, release, ingressImage, made, told } = context;
  const id = await engine.createContainer({
    name: container,
    image: ingressImage,
    labels: {
      ...input.labels,
      [LABEL.project]: projectName,
      [LABEL.service]: name,
      [LABEL.release]: release,
      [LABEL.role]: 'ingress',
      [LABEL.spec]: spec,
      'com.docker.compose.project': projectName,
      'com.docker.compose.service': name,
      'com.docker.compose.oneoff': 'True',
    },
    environment: input.environment,
    entrypoint: START_COMMAND,
    command: [],
    stopSignal: STOP_SIGNAL,
    networks: await fixAddresses(context, input.networks, {
      part: 'names',
      key: `${projectName} ${name}`,
      before: { [LABEL.role]: 'ingress', [LABEL.service]: name },
    }),
    ports: input.ports,
    expose: input.exposed,
    // Reverse proxies ignore a container until its healthcheck has passed.
    healthcheck: NO_HEALTHCHECK,
    // Not unless-stopped: after Engine 20.10 was killed, it treats containers that it finds running as stopped by hand.
    restart: { name: 'always' },
    stopGracePeriodMs: STOP_MS,
    ...CONFINEMENT,
  });
  made.set(container, id);
  await warnOfExposed(context, name, input);
  const state = { ...planned, peers: await readPeers(engine, input.peers) };
  await engine.writeFiles(id, CONFIG_DIRECTORY, configFiles(state));
  told.set(id, state);
}

/**
 * Starts an ingress under its name: a new one gets the container name from the file, an old one that of its release or
 * its previous name.
 */
export async function startIngress(
  context: IngressContext,
  { service, container, input: { name } }: ActOf<'start-ingress'>,
): Promise<void> {
  const { engine } = context;
  // From now on, the container of an open session no longer serves.
  await closeSession(context.sessions, service);
  const own = await ownIngress(context, container);
  if (own !== undefined && own.name !== name) {
    await freeName(context, name);
    await engine.renameContainer(own.id, name);
  }
  await engine.startContainer(own?.id ?? container);
  // A replica that started meanwhile may have used the session of the stopped one.
  await closeSession(context.sessions, service);
  // Opened while replicas start, so that the first one that passes its gate is admitted at once.
  ingressOf(context, service).catch(() => undefined);
}

/** Gives a running ingress its new configuration. */
export async function configureIngress(
  context: SessionContext,
  { service, state, input: { peers } }: ActOf<'configure-ingress'>,
): Promise<void> {
  const ingress = await ingressOf(context, service);
  const wanted = peers === undefined ? state : { ...state, peers: await readPeers(context.engine, peers) };
  await ingress?.configure(() => wanted);
}

/** Stops an ingress after its requests in flight. It is kept until another one has taken over. */
export const stopIngress = async (context: IngressContext, service: string, container: string): Promise<void> => {
  const own = await ownIngress(context, container);
  if (own?.state === 'running') await carryCounters(context, service);
  await closeSession(context.sessions, service);
  if (own !== undefined) await context.engine.stopContainer(own.id, STOP_MS);
};

/** Removes an ingress's container with its configuration. */
export const removeIngress = async (context: IngressContext, service: string, container: string): Promise<void> => {
  const own = await ownIngress(context, container);
  if (own?.state === 'running') await carryCounters(context, service);
  await closeSession(context.sessions, service);
  if (own !== undefined) await context.engine.removeContainer(own.id, { force: true });
};

/** Keeps the counters of an open session before its container ends. */
async function carryCounters({ sessions, carried }: IngressesFound, service: string): Promise<void> {
  const open = await sessions.get(service)?.catch(() => undefined);
  const counted = await open?.counters().catch(() => undefined);
  if (counted !== undefined) carried.set(service, addCounters(carried.get(service) ?? NO_REQUESTS, counted));
}

/** The project's own container that had the name at planning. A container of others with the name is not touched. */
async function ownIngress(
  { engine, projectName, ledger, made, ids }: IngressContext,
  container: string,
): Promise<ContainerDetails | undefined> {
  const found = await engine.inspectContainer(made.get(container) ?? ids.get(container) ?? container);
  if (found === undefined || !(await isOwnContainer(engine, projectName, found, ledger))) return undefined;
  return found;
}

/** Renames the project's own container with this name. Others keep their names. */
async function freeName({ engine, projectName, ledger }: IngressContext, name: string): Promise<void> {
  const holder = await engine.inspectContainer(name);
  if (holder === undefined) return;
  const { labels, id } = holder;
  if (await isOwnContainer(engine, projectName, holder, ledger))
    await engine.renameContainer(
      id,
      ingressName(projectName, labels[LABEL.service] ?? '', labels[LABEL.release] ?? ''),
    );
  // Compose itself uses such names for containers that it replaces.
  else if (await isComposeContainer(engine, projectName, holder))
    await engine.renameContainer(id, `${id.slice(0, 12)}_${name}`);
}

/** The open session with a service's running ingress; undefined if none runs. One session serves all acts. */
export async function ingressOf(context: SessionContext, service: string): Promise<Ingress | undefined> {
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

/** The container of a service's ingress, if it runs. */
export async function runningIngress(
  { engine, projectName, ledger }: Pick<Given, 'engine' | 'projectName' | 'ledger'>,
  service: string,
): Promise<ContainerSummary | undefined> {
  const labels = { [LABEL.role]: 'ingress', [LABEL.service]: service };
  const found = await ownContainers(engine, projectName, labels, ledger);
  return found.find(({ state }) => state === 'running');
}

async function closeSession(sessions: IngressesFound['sessions'], service: string): Promise<void> {
  const open = sessions.get(service);
  sessions.delete(service);
  (await open?.catch(() => undefined))?.close();
}

/**
 * Removes the new ingress of a service that nothing was known about, unless one of its ports listens: a worker needs no
 * ingress.
 */
export async function withdrawIngress(context: IngressContext, service: string, container: string): Promise<void> {
  const ingress = await ingressOf(context, service);
  if (ingress?.state.ports.some(({ unseen, closed }) => !unseen && !closed)) return;
  await removeIngress(context, service, container);
  context.withdrawn.add(service);
}
