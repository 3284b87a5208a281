import type { Ledger } from '../../ledger/ledger.ts';
import { findContainers, poserWords } from '../../ledger/own-containers.ts';
import type { ContainerSummary } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import type { IngressState } from '../../model/ingress.ts';
import { LABEL } from '../../model/names.ts';
import type { ComposeContainer, ObservedIngress, ObservedReplica, ObservedState } from '../../model/observed.ts';
import type { Network, Project, Volume } from '../../model/project.ts';
import type { Release } from '../../model/release.ts';
import { fixedPools } from '../../plan/share-pools.ts';
import { definitionHash } from '../../plan/spec-hash.ts';
import { isComposeContainer } from './is-compose-container.ts';
import { makeCommand, missingExternals } from './missing-externals.ts';
import { isProbe, present } from './own-networks-and-volumes.ts';
import { withRole } from './project-containers.ts';

/**
 * Reads the current state once, all parts at the same time. `images` are those that {@link resolveImages} found.
 *
 * @param told returns the state of an ingress, by its container
 * @throws LobbieError `INVALID_INPUT` if an external network or volume is missing
 */
export async function observe(
  engine: Engine,
  project: Project,
  images: Readonly<Record<string, string>>,
  ledger: Ledger,
  told: (containerId: string) => Promise<IngressState | undefined>,
): Promise<ObservedState> {
  const [{ own: containers, posers }, composeContainers, foundNetworks, foundVolumes] = await Promise.all([
    findContainers(engine, project.name, {}, ledger),
    findFormers(engine, project.name),
    present(project.networks, async (name) => {
      const found = await engine.inspectNetwork(name);
      return found && isProbe(found, project.name) ? undefined : found;
    }),
    present(project.volumes, (name) => engine.inspectVolume(name)),
  ]);
  const networks = [...foundNetworks.keys()];
  const volumes = [...foundVolumes.keys()];
  checkExternal(project, networks, volumes);
  return {
    replicas: withRole(containers, 'replica').map((one) => ({
      ...toReplica(one),
      deployed: isDeployed(one, ledger),
      ...(isLasting(one.id, ledger.state.current) && { lasting: true }),
    })),
    ingresses: await Promise.all(
      withRole(containers, 'ingress').map((one) => toIngress(one, isDeployed(one, ledger), told)),
    ),
    composeContainers: composeContainers.map(toFormer),
    posers: posers.map(poserWords),
    networks,
    pools: Object.fromEntries([...foundNetworks].map(([name, details]) => [name, fixedPools(details)])),
    volumes,
    outdated: [
      ...outdated(project.networks, foundNetworks, ledger.key).map((name) => `network ${name}`),
      ...outdated(project.volumes, foundVolumes, ledger.key).map((name) => `volume ${name}`),
    ],
    images,
    current: ledger.state.current ?? undefined,
    unfinished: ledger.state.running ?? undefined,
    leftovers:
      withRole(containers, 'errand').length > 0 ||
      withRole(containers, 'lease').some(({ state }) => ['created', 'exited', 'dead'].includes(state)),
  };
}

/** Names of those created from another definition. Without lobbie's label, lobbie did not create it. */
const outdated = (
  wanted: readonly (Network | Volume)[],
  found: ReadonlyMap<string, { readonly labels: Readonly<Record<string, string>> }>,
  key: string,
): string[] =>
  wanted
    .filter((one) => {
      const spec = found.get(one.name)?.labels[LABEL.spec];
      return spec !== undefined && spec !== definitionHash(one, key);
    })
    .map(({ name }) => name);

function checkExternal(project: Project, networks: readonly string[], volumes: readonly string[]): void {
  const missing = missingExternals(project, (kind, name) => (kind === 'network' ? networks : volumes).includes(name));
  if (missing.length === 0) return;
  throw new LobbieError(
    'INVALID_INPUT',
    missing.map(({ kind, name }) => `The external ${kind} ${name} does not exist.`).join('\n'),
    { hint: missing.map((one) => `Create it: ${makeCommand(one)}`).join('\n') },
  );
}

/** If the release does not list its containers, all except those of a rollout that died count as its own. */
function isDeployed({ id, labels }: ContainerSummary, { state: { current, running } }: Ledger): boolean {
  if (current === null) return false;
  return current.containers?.includes(id) ?? labels[LABEL.release] !== running?.id;
}

/** Whether a container was still running when its release was committed; false if the ledger does not say. */
export const isLasting = (id: string, release: Release | null): boolean =>
  release?.completed !== undefined && release.containers?.includes(id) === true && !release.completed.includes(id);

/** What the labels of a replica's container say. */
export const toReplica = ({
  id,
  name,
  labels,
  image,
  state,
  health,
  exitCode,
  ports,
  heldAddresses,
}: ContainerSummary): Omit<ObservedReplica, 'deployed'> => ({
  replica: { service: labels[LABEL.service] ?? '', index: Number(labels[LABEL.index]) },
  containerId: id,
  container: name,
  release: labels[LABEL.release] ?? '',
  specHash: labels[LABEL.spec] ?? '',
  image,
  state,
  health,
  ports,
  heldAddresses,
  ...(exitCode !== undefined && { exitCode }),
});

/** Leaves out containers of `docker compose run`: nothing takes over from them. */
async function findFormers(engine: Engine, project: string): Promise<ContainerSummary[]> {
  const listed = await engine.listContainers({ 'com.docker.compose.project': project });
  const isOfCompose = await Promise.all(listed.map((one) => isComposeContainer(engine, project, one)));
  return listed.filter(({ labels }, index) => isOfCompose[index] && labels['com.docker.compose.oneoff'] !== 'True');
}

const toFormer = ({ id, name, labels, state, ports, heldAddresses }: ContainerSummary): ComposeContainer => ({
  service: labels['com.docker.compose.service'] ?? '',
  containerId: id,
  container: name,
  state,
  ports,
  heldAddresses,
});

async function toIngress(
  { id, name, labels, state, ports, heldAddresses }: ContainerSummary,
  deployed: boolean,
  told: (containerId: string) => Promise<IngressState | undefined>,
): Promise<ObservedIngress> {
  return {
    service: labels[LABEL.service] ?? '',
    containerId: id,
    container: name,
    state,
    deployed,
    specHash: labels[LABEL.spec] ?? '',
    // An ingress that cannot be read ends the command: a serving container is not replaced on a guess.
    config: await told(id),
    ports,
    heldAddresses,
  };
}
