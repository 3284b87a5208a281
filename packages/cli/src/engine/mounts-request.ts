import type { BindMount, Mount, TmpfsMount, VolumeMount } from '../model/mount.ts';

/**
 * Mounts as the engine wants them, each in the one of its three forms that can say it. A directory is a bind where
 * the engine shall make one that is missing, and a mount where a missing one shall be refused.
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

/** The short form has no place for a colon in a path, but for that of a drive: Docker Desktop takes `C:\\data:/data`. */
const isStrict = ({ mustExist, source, target }: BindMount): boolean =>
  mustExist === true || source.replace(DRIVE, '').includes(':') || target.includes(':');

const DRIVE = /^[a-z]:(?=[\\/])/i;

const bindRequest = ({ source, target, readOnly, selinux, propagation }: BindMount): string =>
  [source, target, [readOnly ? 'ro' : 'rw', selinux, propagation].filter(Boolean).join(',')].join(':');

/** The engine relabels nothing for SELinux in this form; as Docker Compose does, it is left out. */
const strictBindRequest = ({ source, target, readOnly, propagation }: BindMount): object => ({
  Type: 'bind',
  Source: source,
  Target: target,
  ReadOnly: readOnly,
  ...(propagation !== undefined && { BindOptions: { Propagation: propagation } }),
});

const volumeRequest = ({ source, target, readOnly, noCopy, subpath, labels }: VolumeMount): object => ({
  Type: 'volume',
  // Without a source the engine makes an anonymous one.
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
