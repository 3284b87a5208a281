import type { ContainerSpec } from '../model/engine.ts';
import { LABEL } from '../model/names.ts';
import type { ReplicaId, Service } from '../model/project.ts';
import { type RolloutContext, serviceOf } from './context.ts';

/** Makes and starts a replica's container. It is in the ledger before it runs, so that no way of dying loses it. */
export async function startReplica(
  context: RolloutContext,
  replica: ReplicaId,
  container: string,
  spec: string,
): Promise<void> {
  const { engine, ledger, clock, release, project } = context;
  const service = serviceOf(context, replica.service);
  const networks = project.networks.filter(({ key }) => service.networks.includes(key));
  const id = await engine.createContainer({
    ...containerSpec(service),
    name: container,
    labels: {
      ...service.labels,
      ...composeLabels(project.name, replica, spec),
      [LABEL.project]: project.name,
      [LABEL.role]: 'replica',
      [LABEL.service]: service.name,
      [LABEL.index]: String(replica.index),
      [LABEL.release]: release,
      [LABEL.spec]: spec,
    },
    // Its own name and address only: the service's name belongs to the ingress.
    networks: networks.map(({ name }) => ({ name, aliases: service.ports.length > 0 ? [] : [service.name] })),
  });
  await ledger.recordContainer({
    id,
    name: container,
    replica,
    release,
    image: service.image,
    startedAtMs: clock.now(),
  });
  await engine.startContainer(id);
}

/** `docker compose ps -a` lists what carries these; oneoff keeps a stray `docker compose up` from tearing it down. */
const composeLabels = (project: string, replica: ReplicaId, spec: string): Record<string, string> => ({
  'com.docker.compose.project': project,
  'com.docker.compose.service': replica.service,
  'com.docker.compose.container-number': String(replica.index),
  'com.docker.compose.config-hash': spec,
  'com.docker.compose.oneoff': 'True',
});

function containerSpec(service: Service): Omit<ContainerSpec, 'name' | 'labels' | 'networks'> {
  const { entrypoint, command, user, workingDir, healthcheck, stopSignal, hardening } = service;
  return {
    image: service.image,
    environment: service.environment,
    mounts: service.mounts,
    restart: service.restart,
    stopGracePeriodMs: service.stopGracePeriodMs,
    ...hardening,
    ...(entrypoint && { entrypoint }),
    ...(command && { command }),
    ...(user !== undefined && { user }),
    ...(workingDir !== undefined && { workingDir }),
    ...(healthcheck && { healthcheck }),
    ...(stopSignal !== undefined && { stopSignal }),
  };
}
