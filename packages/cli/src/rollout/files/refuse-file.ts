import { posix } from 'node:path';
import { type Mount, mountAt } from '../../model/mount.ts';
import type { ServiceFile } from '../../model/service.ts';

/** Why a config or a secret cannot get into a container without touching what the user mounts. */
export type WhyRefused = 'taken' | 'old-engine' | 'owner' | 'changed' | 'missing' | 'root';

/** A problem, path first, and what to do about it. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

interface Refused {
  readonly service: string;
  readonly file: ServiceFile;
  /** Its target once links are followed. */
  readonly path: string;
  readonly mounts: readonly Mount[];
  readonly why: WhyRefused;
}

/** Says why a file is refused: the file, its target, the mount it lies in, and the ways out. */
export function refusalOf({ service, file, path, mounts, why }: Refused, { engine }: { engine: string }): Refusal {
  const { kind, name, target } = file;
  const mount = mountAt(mounts, path);
  const where = `services.${service}.${kind}s: ${name} has the target ${target}`;
  const into = path === target ? '' : ` (in the image: ${path})`;
  const inMount = `${where}${into}, which lies in ${mount === undefined ? 'the container' : mountWords(mount)}`;
  const elsewhere = 'give it a target outside of that mount';
  switch (why) {
    case 'taken':
      return {
        message: `${where}${into}, where the service mounts something else.`,
        hint: `Remove one of the two, or give the ${kind} another target.`,
      };
    case 'old-engine':
      return {
        message: `${inMount}. lobbie writes nothing into what you mount, and this engine (${engine}) cannot mount a single file of a volume.`,
        hint: `Use a \`file:\` and an engine on this machine, ${elsewhere}, or upgrade to Docker 26.`,
      };
    case 'owner':
      return {
        message: `${inMount}. lobbie mounts its file there, so uid, gid and mode cannot apply: for them this engine (${engine}) is too old.`,
        hint: `Leave out uid, gid and mode, ${elsewhere}, or upgrade to Docker 26.`,
      };
    case 'changed':
      return {
        message: `${inMount}. Its file ${file.source ?? ''} has changed since the last deploy, and lobbie mounts it there.`,
        hint: 'Run `lobbie deploy` to deploy the file as it is now.',
      };
    case 'missing':
      return {
        message: `${inMount}, which is read-only and has no ${posix.basename(path)}: the engine can mount the ${kind} only over a file.`,
        hint: `Make an empty file there: \`touch ${hostPath(mount, path)}\`, or mount the directory without \`read_only\`.`,
      };
    case 'root':
      return {
        message: `${where}, and the container is read-only: nothing can be put into its root directory.`,
        hint: `Give it a target in a directory of its own, such as /etc/${service}${target}.`,
      };
    default:
      return why satisfies never;
  }
}

const hostPath = (mount: Mount | undefined, path: string): string =>
  mount?.kind === 'bind' ? posix.join(mount.source, path.slice(mount.target.length)) : path;

/** A mount as a person knows it. */
export function mountWords(mount: Mount): string {
  if (mount.kind === 'tmpfs') return `the tmpfs at ${mount.target}`;
  if (mount.kind === 'bind') return `the bind mount of ${mount.source} at ${mount.target}`;
  return mount.source === undefined
    ? `the anonymous volume at ${mount.target}`
    : `the volume ${mount.source} at ${mount.target}`;
}
