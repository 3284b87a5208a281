import type { ContainerDetails } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LABEL } from '../../model/names.ts';
import type { Step } from '../../model/plan.ts';
import { holdsNames } from '../../model/service-names.ts';
import { rollingOf } from '../../plan/rolling-of.ts';
import { type Creation, type RolloutContext, serviceOf } from '../context.ts';
import { explainMountFailure } from '../files/explain-mount-failure.ts';
import { createFileVolume, fileVolumesOf } from '../files/file-volumes.ts';
import { filesOf } from '../files/service-files.ts';
import { writeServiceFiles } from '../files/write-service-files.ts';
import { type AddressOwner, fixAddresses } from '../ingresses/fix-addresses.ts';
import { tellOnce } from '../record/tell-once.ts';
import { engineWarning } from './engine-warning.ts';
import { linkToIngresses } from './link-to-ingresses.ts';
import { ownHosts } from './own-hosts.ts';
import { replicaSpec } from './replica-spec.ts';
import { sharedNamespaces, sharesWithService } from './shared-namespaces.ts';

type CreateStep = Extract<Step, { kind: 'create-replica' }>;

/** Makes a container ahead of its start, but for one that shares with another: that one may be about to be replaced. */
export async function prepareReplica(context: RolloutContext, step: CreateStep): Promise<void> {
  if (sharesWithService(serviceOf(context, step.replica.service))) context.postponed.set(step.container, step);
  else await createReplica(context, step);
}

/** Makes a replica's container with its configs and secrets, not started; gives its id. */
export async function createReplica(context: RolloutContext, creation: Creation): Promise<string> {
  const { engine, project, release, made, traits } = context;
  const { replica, container, spec, inherits } = creation;
  const service = serviceOf(context, replica.service);
  const [shared, files, predecessor] = await Promise.all([
    sharedNamespaces(context, service),
    filesOf(context, service),
    inherits === undefined ? undefined : predecessorOf(engine, context.ids.get(inherits) ?? inherits),
  ]);
  await createFileVolume(engine, project.name, { container, image: service.image, files });
  const wanted = replicaSpec(service, {
    project,
    release,
    replica,
    container,
    spec,
    shared,
    files: files.placed,
    imageVolumes: traits[service.name]?.volumes ?? [],
    inherits: predecessor,
  });
  try {
    const linked = linkToIngresses(context.project, service, wanted.networks, creation.viaIngress);
    const networks = await fixAddresses(context, linked, addressOwner(context, creation));
    const extraHosts = [...(wanted.extraHosts ?? []), ...ownHosts(service, networks)];
    const id = await engine.createContainer(
      { ...wanted, networks, ...(extraHosts.length > 0 && { extraHosts }) },
      (words) => tellOnce(context, engineWarning(service.name, words)),
    );
    await writeServiceFiles(engine, id, files);
    made.set(container, id);
    return id;
  } catch (error) {
    throw explainMountFailure(error, service.name, files);
  }
}

/**
 * A replica that has its service's name keeps the address of the one before it: that one stops before it starts. Behind
 * an ingress, or beside the one before it, it has an address of its own that it keeps when it restarts.
 */
function addressOwner({ project, traits }: RolloutContext, { replica, container }: Creation): AddressOwner {
  const { service: name, index } = replica;
  const service = project.services.find((one) => one.name === name);
  const hasName = service && !service.job && holdsNames(service);
  if (!hasName || rollingOf(service, traits[name]).order === 'start-first') return { part: 'replicas', key: container };
  const before = { [LABEL.role]: 'replica', [LABEL.service]: name, [LABEL.index]: String(index) };
  return { part: 'names', key: `${project.name} ${name} ${index}`, before };
}

/** The container whose volumes are handed on: those with data, never those with its configs and secrets. */
async function predecessorOf(engine: Engine, id: string): Promise<ContainerDetails | undefined> {
  const found = await engine.inspectContainer(id);
  if (found === undefined) return undefined;
  const ofFiles = await fileVolumesOf(engine, found);
  return { ...found, volumes: found.volumes.filter(({ name }) => !ofFiles.includes(name)) };
}
