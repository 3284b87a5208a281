import type { Step } from '../model/plan.ts';
import { type Creation, type RolloutContext, serviceOf } from './context.ts';
import { explainMountFailure } from './explain-mount-failure.ts';
import { createFileVolume } from './file-volumes.ts';
import { replicaSpec } from './replica-spec.ts';
import { filesOf } from './service-files.ts';
import { sharedNamespaces, sharesWithService } from './shared-namespaces.ts';
import { writeServiceFiles } from './write-service-files.ts';

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
    inherits === undefined ? undefined : engine.inspectContainer(context.ids.get(inherits) ?? inherits),
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
    const id = await engine.createContainer(wanted);
    await writeServiceFiles(engine, id, files);
    made.set(container, id);
    return id;
  } catch (error) {
    throw explainMountFailure(error, service.name, files);
  }
}
