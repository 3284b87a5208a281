import { posix } from 'node:path';
import { defined } from '../../model/defined.ts';
import { isWithin } from '../../model/host-path.ts';
import type { Mount, TmpfsMount } from '../../model/mount.ts';
import type { ServiceConfig } from '../service-config.ts';
import type { ServiceVolume } from '../service-volume.ts';
import type { Reading } from './reading.ts';

/** The mounts of a service: its volumes, then its tmpfs mounts. */
export const mountsOf = (reading: Reading, path: string, { volumes = [], tmpfs = [] }: ServiceConfig): Mount[] => [
  ...volumes.flatMap((volume, index) => mountOf(reading, `${path}.volumes[${index}]`, volume) ?? []),
  ...tmpfs.map(inMemory),
];

function mountOf(reading: Reading, path: string, volume: ServiceVolume): Mount | undefined {
  const target = placeOf(volume.target);
  const readOnly = volume.read_only === true;
  switch (volume.type) {
    case 'bind': {
      const { propagation, selinux, create_host_path } = volume.bind ?? { create_host_path: true };
      return {
        kind: 'bind',
        source: bindSource(reading, path, volume.source ?? ''),
        target,
        readOnly,
        ...defined({ propagation, selinux, mustExist: create_host_path ? undefined : true }),
      };
    }
    case 'volume': {
      const { nocopy, subpath } = volume.volume ?? {};
      const key = volume.source;
      const source = key === undefined || key === '' ? undefined : (reading.config.volumes?.[key]?.name ?? key);
      return { kind: 'volume', target, readOnly, ...defined({ source, noCopy: nocopy, subpath }) };
    }
    case 'tmpfs': {
      const { size, mode } = volume.tmpfs ?? {};
      const options = readOnly ? 'ro' : undefined;
      return {
        kind: 'tmpfs',
        target,
        ...defined({ sizeBytes: size === undefined ? undefined : Number(size), mode, options }),
      };
    }
    case 'npipe':
    case 'cluster':
    case 'image':
      reading.problem(path, `mounts of type ${volume.type} are not supported`, 'Use a volume or a bind mount.');
      return undefined;
    default:
      return volume.type satisfies never;
  }
}

/** The path on the engine's machine. On a remote engine the history has its own place. */
function bindSource({ history, local, directory, warning }: Reading, path: string, source: string): string {
  if (history !== undefined && source === history.named) return history.source;
  if (!local && (source === directory || isWithin(source, directory)))
    warning(path, `${source} must exist on the engine's machine: a bind mount does not copy files there`);
  return source;
}

/** `/run:rw,size=64m` */
function inMemory(text: string): TmpfsMount {
  const colon = text.indexOf(':');
  if (colon < 0) return { kind: 'tmpfs', target: placeOf(text) };
  return { kind: 'tmpfs', target: placeOf(text.slice(0, colon)), options: text.slice(colon + 1) };
}

/** `/data` and `/data/` are the same place. */
const placeOf = (target: string): string => posix.normalize(target).replace(/(?<=.)\/$/, '');
