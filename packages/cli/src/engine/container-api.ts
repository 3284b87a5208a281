import type { ContainerSpec } from '../model/container.ts';
import { LobbieError } from '../model/errors.ts';
import { type ApiVersions, isOlder } from './api-version.ts';

/** The versions of the API since which a container can have… */
export const SINCE = {
  annotations: '1.43',
  /** Also: a MAC address in every network, and all networks at once. */
  startInterval: '1.44',
  endpoints: '1.44',
  subpath: '1.45',
} as const;

/**
 * The version of the API to create a container with: the usual one, or a newer one if the container needs it. Settings
 * that only change the pace (start_interval) or that only the runtime reads (annotations) are left out on older
 * engines.
 *
 * @throws LobbieError `INVALID_INPUT` if the engine is too old for a setting
 */
export function containerApi(spec: ContainerSpec, { spoken, newest }: ApiVersions): string {
  const lacks = (since: string): boolean => isOlder(newest, since);
  for (const mount of spec.mounts ?? []) {
    if (mount.kind === 'volume' && mount.subpath !== undefined && lacks(SINCE.subpath))
      throw tooOld(spec, `mounts ${mount.subpath} of the volume ${mount.source ?? ''} at ${mount.target}`, '26.0');
  }
  const far = spec.networks.slice(1).find(({ macAddress }) => macAddress !== undefined);
  if (far !== undefined && lacks(SINCE.endpoints))
    throw tooOld(spec, `has a MAC address in a network besides its first, ${far.name}`, '25.0');

  const wanted = [
    spec.annotations !== undefined && SINCE.annotations,
    spec.healthcheck?.startIntervalMs !== undefined && SINCE.startInterval,
    far !== undefined && SINCE.endpoints,
    (spec.mounts ?? []).some((mount) => mount.kind === 'volume' && mount.subpath !== undefined) && SINCE.subpath,
  ];
  return wanted.reduce<string>(
    (version, since) => (since && !lacks(since) && isOlder(version, since) ? since : version),
    spoken,
  );
}

const tooOld = ({ name }: ContainerSpec, what: string, engine: string): LobbieError =>
  new LobbieError(
    'INVALID_INPUT',
    `Container "${name}" ${what}, which needs Docker ${engine}, but the engine is older.`,
    {
      hint: 'Upgrade Docker (https://docs.docker.com/engine/install/), or remove this setting.',
    },
  );
