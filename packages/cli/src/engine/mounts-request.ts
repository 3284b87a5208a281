import type { BindMount, Mount, TmpfsMount, VolumeMount } from '../model/mount.ts';

/**
 * Mounts for the engine, each in one of its three forms. A directory is in `Binds` if the engine should create a
 * missing one, and in `Mounts` if it should refuse a missing one.
 */
export function mountsRequest(mounts: readonly Mount[]): object {
  const binds = mounts.filter((mount) => mount.kind === 'bind').filter((mount) => !isStrict(mount));
  const tmpfs = mounts.filter((mount) => mount.kind === 'tmpfs').filter(({ options }) => options !== undefined);
  const others = mounts.flatMap((mount) => {
    if (mount.kind === 'volume') return [volumeRequest(mount)];
    if (mount.kind === 'bind') return isStrict(mount) ? [strictBindRequest(mount)] : [];
    return mount.options === undefined ? [tmpfsRequest(mount)] : [];
  });
  return {
    Binds: binds.map(bindRequest),
    Mounts: others,
    ...(tmpfs.length > 0 && { Tmpfs: Object.fromEntries(tmpfs.map((mount) => [mount.target, tmpfsOptions(mount)])) }),
  };
}

/** The short form allows no colon in a path, except after a drive: Docker Desktop accepts `C:\\data:/data`. */
const isStrict = ({ mustExist, source, target }: BindMount): boolean =>
  mustExist === true || source.replace(DRIVE, '').includes(':') || target.includes(':');

const DRIVE = /^[a-z]:(?=[\\/])/i;

const bindRequest = ({ source, target, readOnly, selinux, propagation }: BindMount): string =>
  [source, target, [readOnly ? 'ro' : 'rw', selinux, propagation].filter(Boolean).join(',')].join(':');

/** In this form the engine does not relabel for SELinux. As in Docker Compose, the option is left out. */
const strictBindRequest = ({ source, target, readOnly, propagation }: BindMount): object => ({
  Type: 'bind',
  Source: source,
  Target: target,
  ReadOnly: readOnly,
  ...(propagation !== undefined && { BindOptions: { Propagation: propagation } }),
});

const volumeRequest = ({ source, target, readOnly, noCopy, subpath, labels }: VolumeMount): object => ({
  Type: 'volume',
  // Without a source, the engine creates an anonymous volume.
  ...(source !== undefined && { Source: source }),
  Target: target,
  ReadOnly: readOnly,
  ...((noCopy !== undefined || subpath !== undefined || labels !== undefined) && {
    VolumeOptions: {
      ...(noCopy && { NoCopy: true }),
      ...(subpath !== undefined && { Subpath: subpath }),
      ...(labels && { Labels: labels }),
    },
  }),
});

const tmpfsRequest = ({ target, sizeBytes, mode }: TmpfsMount): object => ({
  Type: 'tmpfs',
  Target: target,
  ...((sizeBytes !== undefined || mode !== undefined) && {
    TmpfsOptions: {
      ...(sizeBytes !== undefined && { SizeBytes: sizeBytes }),
      ...(mode !== undefined && { Mode: mode }),
    },
  }),
});

const tmpfsOptions = ({ options = '', sizeBytes, mode }: TmpfsMount): string =>
  [options, sizeBytes === undefined ? '' : `size=${sizeBytes}`, mode === undefined ? '' : `mode=${mode.toString(8)}`]
    .filter(Boolean)
    .join(',');
