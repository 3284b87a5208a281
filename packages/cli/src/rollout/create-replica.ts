import type { Step } from '../model/plan.ts';
import { type Creation, type RolloutContext, serviceOf } from './context.ts';
import { replicaSpec } from './replica-spec.ts';
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
  const [shared, predecessor] = await Promise.all([
    sharedNamespaces(context, service),
    inherits === undefined ? undefined : engine.inspectContainer(context.ids.get(inherits) ?? inherits),
  ]);
  const id = await engine.createContainer(
    replicaSpec(service, {
      project,
      release,
      replica,
      container,
      spec,
      shared,
      imageVolumes: traits[service.name]?.volumes ?? [],
      inherits: predecessor,
    }),
  );
  if (service.files.length > 0) await writeServiceFiles(engine, id, service);
  made.set(container, id);
  return id;
}
