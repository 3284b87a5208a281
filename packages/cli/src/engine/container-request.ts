import type { ContainerSpec } from '../model/engine.ts';
import type { Healthcheck, Mount } from '../model/project.ts';

const NS_PER_MS = 1_000_000;

/** A container as `POST /containers/create` wants it. Only the first network: API 1.41 takes one endpoint there. */
export function containerRequest(spec: ContainerSpec): object {
  const [first] = spec.networks;
  return {
    Image: spec.image,
    Labels: spec.labels,
    ...(spec.entrypoint && { Entrypoint: spec.entrypoint }),
    ...(spec.command && { Cmd: spec.command }),
    Env: Object.entries(spec.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(spec.user !== undefined && { User: spec.user }),
    ...(spec.workingDir !== undefined && { WorkingDir: spec.workingDir }),
    ...(spec.healthcheck && { Healthcheck: healthcheckRequest(spec.healthcheck) }),
    ...(spec.stopSignal !== undefined && { StopSignal: spec.stopSignal }),
    ...(spec.stopGracePeriodMs !== undefined && { StopTimeout: Math.ceil(spec.stopGracePeriodMs / 1000) }),
    ...(spec.stdinOnce && { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
    ExposedPorts: Object.fromEntries((spec.ports ?? []).map(({ target }) => [`${target}/tcp`, {}])),
    HostConfig: {
      // As binds and not as mounts: so the engine makes a directory that is missing, as Compose has it.
      Binds: (spec.mounts ?? []).filter((mount) => mount.kind === 'bind').map(bindRequest),
      Mounts: (spec.mounts ?? []).filter((mount) => mount.kind !== 'bind').map(mountRequest),
      NetworkMode: first?.name ?? 'none',
      PortBindings: portBindings(spec.ports ?? []),
      RestartPolicy: { Name: spec.restart ?? 'no' },
      CapDrop: spec.capDrop ?? [],
      CapAdd: spec.capAdd ?? [],
      SecurityOpt: spec.securityOpt ?? [],
      ...(spec.pidsLimit !== undefined && { PidsLimit: spec.pidsLimit }),
      ...(spec.init !== undefined && { Init: spec.init }),
      ReadonlyRootfs: spec.readOnly ?? false,
      AutoRemove: spec.autoRemove ?? false,
    },
    ...(first && { NetworkingConfig: { EndpointsConfig: { [first.name]: { Aliases: first.aliases } } } }),
  };
}

const healthcheckRequest = (check: Healthcheck): object => ({
  Test: check.test,
  Interval: check.intervalMs * NS_PER_MS,
  Timeout: check.timeoutMs * NS_PER_MS,
  Retries: check.retries,
  StartPeriod: check.startPeriodMs * NS_PER_MS,
});

const bindRequest = ({ source, target, readOnly }: Extract<Mount, { kind: 'bind' }>): string =>
  `${source}:${target}${readOnly ? ':ro' : ''}`;

function mountRequest(mount: Exclude<Mount, { kind: 'bind' }>): object {
  if (mount.kind === 'tmpfs') return { Type: 'tmpfs', Target: mount.target };
  return { Type: mount.kind, Source: mount.source, Target: mount.target, ReadOnly: mount.readOnly };
}

function portBindings(ports: NonNullable<ContainerSpec['ports']>): object {
  const bindings: Record<string, object[]> = {};
  for (const { target, published, hostIp } of ports) {
    const key = `${target}/tcp`;
    bindings[key] = [...(bindings[key] ?? []), { HostIp: hostIp ?? '', HostPort: String(published) }];
  }
  return bindings;
}
