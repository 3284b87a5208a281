import { readConfig } from '../ingress/config-file.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ContainerSummary, Engine } from '../model/engine.ts';
import { LABEL } from '../model/names.ts';
import type { ObservedIngress, ObservedReplica, ObservedState } from '../model/observed.ts';
import type { Project } from '../model/project.ts';

/** Reads what is there, once, side by side. `images` are those that {@link resolveImages} found. */
export async function observe(
  engine: Engine,
  project: Project,
  images: Readonly<Record<string, string>>,
  ledger: Ledger,
): Promise<ObservedState> {
  const [containers, networks] = await Promise.all([
    engine.listContainers({ [LABEL.project]: project.name }),
    Promise.all(
      project.networks.map(async ({ name }) => ((await engine.inspectNetwork(name)) === undefined ? [] : [name])),
    ),
  ]);
  const withRole = (role: string): ContainerSummary[] => containers.filter(({ labels }) => labels[LABEL.role] === role);
  return {
    replicas: withRole('replica').map(toReplica),
    ingresses: await Promise.all(withRole('ingress').map((container) => toIngress(engine, container))),
    networks: networks.flat(),
    images,
    current: ledger.state.current ?? undefined,
    unfinished: ledger.state.running ?? undefined,
    leftovers: withRole('errand').length > 0 || withRole('lease').some(({ state }) => state === 'created'),
  };
}

/** What the labels of a replica's container say of it. */
export const toReplica = ({ id, name, labels, image, state, health }: ContainerSummary): ObservedReplica => ({
  replica: { service: labels[LABEL.service] ?? '', index: Number(labels[LABEL.index]) },
  containerId: id,
  container: name,
  release: labels[LABEL.release] ?? '',
  spec: labels[LABEL.spec] ?? '',
  image,
  state,
  health,
});

async function toIngress(engine: Engine, { id, name, labels, state }: ContainerSummary): Promise<ObservedIngress> {
  return {
    service: labels[LABEL.service] ?? '',
    containerId: id,
    container: name,
    state,
    spec: labels[LABEL.spec] ?? '',
    // One that cannot be understood ends the command: what serves is not replaced on a guess.
    config: await readConfig(engine, id),
  };
}
