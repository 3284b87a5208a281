import { LobbieError } from '../model/errors.ts';
import { LABEL } from '../model/names.ts';
import type { Step } from '../model/plan.ts';
import { type RolloutContext, serviceOf } from './context.ts';
import { replicaSpec } from './replica-spec.ts';
import { writeServiceFiles } from './write-service-files.ts';

/** Makes a replica's container with its configs and secrets, not started; gives its id. */
export async function createReplica(
  context: RolloutContext,
  {
    replica,
    container,
    spec,
    inherits,
  }: Pick<Extract<Step, { kind: 'create-replica' }>, 'replica' | 'container' | 'spec' | 'inherits'>,
): Promise<string> {
  const { engine, project, release, made, traits } = context;
  const service = serviceOf(context, replica.service);
  const [networkMode, predecessor] = await Promise.all([
    networkModeOf(context, service.networkMode),
    inherits === undefined ? undefined : engine.inspectContainer(context.ids.get(inherits) ?? inherits),
  ]);
  const id = await engine.createContainer(
    replicaSpec(service, {
      project,
      release,
      replica,
      container,
      spec,
      networkMode,
      imageVolumes: traits[service.name]?.volumes ?? [],
      inherits: predecessor,
    }),
  );
  if (service.files.length > 0) await writeServiceFiles(engine, id, service);
  made.set(container, id);
  return id;
}

/** The network of another service is that of its container: the new one's, where this rollout has made one. */
async function networkModeOf(
  { engine, project, release }: RolloutContext,
  mode: string | undefined,
): Promise<string | undefined> {
  if (!mode?.startsWith('service:')) return mode;
  const service = mode.slice('service:'.length);
  const containers = await engine.listContainers({
    [LABEL.project]: project.name,
    [LABEL.role]: 'replica',
    [LABEL.service]: service,
  });
  const running = containers.filter(({ state }) => state === 'running');
  const owner = running.find(({ labels }) => labels[LABEL.release] === release) ?? running[0];
  if (owner !== undefined) return `container:${owner.id}`;
  throw new LobbieError('GATE_FAILED', `No container of service ${service} runs whose network could be shared.`, {
    hint: `Run \`lobbie logs ${service}\` to see why.`,
  });
}
