import { posix } from 'node:path';
import { type Mount, mountAt } from '../../model/mount.ts';
import type { ServiceFile } from '../../model/service.ts';

/** Why a config or a secret cannot get into a container without changing the user's mounts. */
export type WhyRefused = 'taken' | 'old-engine' | 'owner' | 'changed' | 'missing' | 'root';

/** A problem, path first, and how to fix it. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

interface Refused {
  readonly service: string;
  readonly file: ServiceFile;
  /** Its target after following links. */
  readonly path: string;
  readonly mounts: readonly Mount[];
  readonly why: WhyRefused;
}

/** Says why a file is refused: the file, its target, the mount that contains it, and what to do. */
export function refusalOf({ service, file, path, mounts, why }: Refused, { engine }: { engine: string }): Refusal {
  const { kind, name, target } = file;
  const mount = mountAt(mounts, path);
  const where = `services.${service}.${kind}s: ${name} has the target ${target}`;
  const into = path === target ? '' : ` (in the image: ${path})`;
  const inMount = `${where}${into}, which is inside ${mount === undefined ? 'the container' : mountWords(mount)}`;
  const elsewhere = 'give it a target outside that mount';
  switch (why) {
    case 'taken':
      return {
        message: `${where}${into}, but the service mounts something else there.`,
        hint: `Remove one of the two, or give the ${kind} another target.`,
      };
    case 'old-engine':
      return {
        message: `${inMount}. lobbie does not write into your mounts, and this engine (${engine}) cannot mount a single file of a volume.`,
        hint: `Use a \`file:\` and an engine on this machine, ${elsewhere}, or upgrade to Docker 26.`,
      };
    case 'owner':
      return {
        message: `${inMount}. lobbie mounts the file there, so uid, gid and mode have no effect: this engine (${engine}) is too old for them.`,
        hint: `Leave out uid, gid and mode, ${elsewhere}, or upgrade to Docker 26.`,
      };
    case 'changed':
      return {
        message: `${inMount}. Its file ${file.source ?? ''} has changed since the last deploy, and lobbie mounts it there.`,
        hint: 'Run `lobbie deploy` to deploy the current file.',
      };
    case 'missing':
      return {
        message: `${inMount}, which is read-only and does not contain ${posix.basename(path)}: the engine can mount the ${kind} only over a file.`,
        hint: `Create an empty file there: \`touch ${hostPath(mount, path)}\`, or mount the directory without \`read_only\`.`,
      };
    case 'root':
      return {
        message: `${where}, but the container is read-only: no file can be added to its root directory.`,
        hint: `Give it a target in its own directory, such as /etc/${service}${target}.`,
      };
    default:
      return why satisfies never;
  }
}

const hostPath = (mount: Mount | undefined, path: string): string =>
  mount?.kind === 'bind' ? posix.join(mount.source, path.slice(mount.target.length)) : path;

/** A mount in the user's words. */
export function mountWords(mount: Mount): string {
  if (mount.kind === 'tmpfs') return `the tmpfs at ${mount.target}`;
  if (mount.kind === 'bind') return `the bind mount of ${mount.source} at ${mount.target}`;
  return mount.source === undefined
    ? `the anonymous volume at ${mount.target}`
    : `the volume ${mount.source} at ${mount.target}`;
}
