import type { ContainerDetails, EndpointSpec } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LABEL } from '../../model/names.ts';
import type { ActOf } from '../../model/step.ts';
import { explainMountFailure } from '../files/explain-mount-failure.ts';
import { createFileVolume, fileVolumesOf } from '../files/file-volumes.ts';
import { filesOf } from '../files/service-files.ts';
import { writeServiceFiles } from '../files/write-service-files.ts';
import { tellOnce } from '../given/tell-once.ts';
import { type AddressOwner, fixAddresses } from '../ingresses/fix-addresses.ts';
import type { Acting } from './acting.ts';
import { engineWarning } from './engine-warning.ts';
import { ownHosts } from './own-hosts.ts';
import { ownLinks } from './own-links.ts';
import { replicaSpec } from './replica-spec.ts';
import { sharedNamespaces, sharesWithService } from './shared-namespaces.ts';

/** The part of a step that says which container to create. */
export type Creation = Pick<ActOf<'create-replica'>, 'replica' | 'container' | 'spec' | 'input'>;

/**
 * Creates a container ahead of its start, unless it shares namespaces with another container that may be replaced soon.
 */
export async function prepareReplica(context: Acting, step: Creation): Promise<void> {
  if (!sharesWithService(step.input.service)) await createReplica(context, step);
}

/** Creates a replica's container with its configs and secrets, without starting it. Returns its id. */
export async function createReplica(context: Acting, creation: Creation): Promise<string> {
  const { engine, projectName, release, made } = context;
  const { replica, container, spec, input } = creation;
  const { service, inherits, imageVolumes, links } = input;
  const [shared, files, predecessor] = await Promise.all([
    sharedNamespaces(context, service),
    filesOf(context, input),
    inherits === undefined ? undefined : predecessorOf(engine, context.ids.get(inherits) ?? inherits),
  ]);
  await createFileVolume(engine, projectName, { container, image: service.image, files });
  const wanted = replicaSpec(service, {
    projectName,
    networks: input.networks,
    release,
    replica,
    container,
    spec,
    shared,
    files: files.placed,
    imageVolumes,
    inherits: predecessor,
  });
  try {
    const own = ownLinks(service, container);
    const linked = wanted.networks.map((one, at) => withLinks(one, [...(links[at] ?? []), ...(own[at] ?? [])]));
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

const withLinks = (endpoint: EndpointSpec, links: readonly string[]): EndpointSpec =>
  links.length === 0 ? endpoint : { ...endpoint, links };

/**
 * A replica that has its service's name keeps its predecessor's address, because the predecessor stops first. With an
 * ingress, or beside its predecessor, it has its own address, which it keeps when it restarts.
 */
function addressOwner({ projectName }: Acting, { replica, container, input }: Creation): AddressOwner {
  const { service: name, index } = replica;
  if (!input.keepsAddress) return { part: 'replicas', key: container };
  const before = { [LABEL.role]: 'replica', [LABEL.service]: name, [LABEL.index]: String(index) };
  return { part: 'names', key: `${projectName} ${name} ${index}`, before };
}

/** The container whose volumes are inherited: those with data, never those with configs and secrets. */
async function predecessorOf(engine: Engine, id: string): Promise<ContainerDetails | undefined> {
  const found = await engine.inspectContainer(id);
  if (found === undefined) return undefined;
  const ofFiles = await fileVolumesOf(engine, found);
  return { ...found, volumes: found.volumes.filter(({ name }) => !ofFiles.includes(name)) };
}
