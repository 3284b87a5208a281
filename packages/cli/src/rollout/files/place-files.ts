import { posix } from 'node:path';
import { isBelow, type Mount, mountAt } from '../../model/mount.ts';
import type { Service, ServiceFile } from '../../model/service.ts';
import { type Refusal, refusalOf, type WhyRefused } from './refuse-file.ts';
import { type LinkAt, resolveFile, resolveMounts } from './resolve-targets.ts';

/** The default directory of secrets in Compose. */
const SECRETS = '/run/secrets';

/** Whether a directory is the directory of secrets or inside it. */
export const isInSecrets = (directory: string): boolean => directory === SECRETS || isBelow(directory, SECRETS);

/** How a config or a secret gets into a container, and its path there after following links. */
export type PlacedFile = { readonly file: ServiceFile; readonly path: string } & (
  | {
      /** Copied before the container starts: into its own file system, or into its own volume at `directory`. */
      readonly way: 'copy';
      readonly directory?: string;
    }
  /** This machine's file is mounted, read-only. */
  | { readonly way: 'bind'; readonly source: string }
  /** Mounted from a volume that lobbie fills, read-only. */
  | { readonly way: 'volume' }
);

/** The facts for the decision, in addition to the service. */
export interface PlaceFacts {
  readonly linkAt: LinkAt;
  /** Paths that the image declares as volumes. */
  readonly imageVolumes: readonly string[];
  /** Version of the engine, for messages. */
  readonly engine: string;
  /** Whether the engine can mount a single file of a volume. */
  readonly subpaths: boolean;
  /** Whether bind mounts use this machine's own files. */
  readonly local: boolean;
  /** Whether a file's source still has the content to deploy. */
  readonly isIntact: (file: ServiceFile) => boolean;
  /** Whether a path exists on this machine. */
  readonly isThere: (path: string) => boolean;
}

export interface Placement {
  readonly placed: readonly PlacedFile[];
  readonly refused: readonly Refusal[];
  /** All mounts from the file and from the image, with real targets. */
  readonly mounts: readonly Mount[];
}

/**
 * Decides how each config and secret of a service gets into its containers. Never writes into the user's mounts: if a
 * file's target is inside one, the file is mounted over it. Files in the container's own file system are copied, into a
 * volume of the container if it is read-only or in memory. If nothing can be copied into the container, all files are
 * mounted.
 */
export function placeFiles(service: Service, facts: PlaceFacts): Placement {
  const mounts = mountsOf(service, facts);
  const placed: PlacedFile[] = [];
  const refused: Refusal[] = [];
  const files = service.files.map((file) => ({ file, path: resolveFile(file.target, mounts, facts.linkAt) }));
  const canCopy = !facts.subpaths || !isMountedInReadOnly(files, mounts);
  for (const { file, path } of files) {
    const place = placeOf(service, { file, path, mounts, canCopy }, facts);
    if (typeof place !== 'string') placed.push(place);
    else refused.push(refusalOf({ service: service.name, file, path, mounts, why: place }, facts));
  }
  return { placed: withoutNested(placed, mounts), refused, mounts };
}

/** All mounts from the file and from the image, with real targets. */
export const mountsOf = (
  { mounts }: Service,
  { imageVolumes, linkAt }: Pick<PlaceFacts, 'imageVolumes' | 'linkAt'>,
): Mount[] =>
  resolveMounts(
    [...mounts, ...imageVolumes.map((target): Mount => ({ kind: 'volume', target, readOnly: false }))],
    linkAt,
  );

/**
 * Whether something is mounted inside a read-only mount. If it is a file, engines with the fix of CVE-2026-41568 cannot
 * copy anything into such a container: "openat …: read-only file system". For the user's mounts, it is not known
 * whether they are files.
 */
function isMountedInReadOnly(files: readonly { readonly path: string }[], mounts: readonly Mount[]): boolean {
  const lies = (path: string, others: readonly Mount[]): boolean => {
    const mount = mountAt(others, path);
    return mount !== undefined && mount.kind !== 'tmpfs' && mount.readOnly;
  };
  return (
    files.some(({ path }) => lies(path, mounts)) ||
    mounts.some((mount) =>
      lies(
        mount.target,
        mounts.filter((other) => other.target !== mount.target),
      ),
    )
  );
}

interface Target {
  readonly file: ServiceFile;
  readonly path: string;
  readonly mounts: readonly Mount[];
  /** Whether the engine can copy into a container with these mounts. */
  readonly canCopy: boolean;
}

function placeOf(
  service: Service,
  { file, path, mounts, canCopy }: Target,
  facts: PlaceFacts,
): PlacedFile | WhyRefused {
  if (mounts.some(({ target }) => target === path || isBelow(target, path))) return 'taken';
  const directory = posix.dirname(path);
  const mount = mountAt(mounts, path);
  const isSecret = file.kind === 'secret' && isInSecrets(directory);
  const copy: PlacedFile = { file, path, way: 'copy' };
  const own: PlacedFile = { ...copy, directory };
  if (!canCopy) {
    // It gets its own mount, below.
  } else if (mount === undefined) {
    if (!isSecret && service.settings.readOnly !== true) return copy;
    if (directory !== '/') return own;
  } else if (mount.kind === 'tmpfs' && directory !== mount.target) return own;
  const why = whyNotMounted(file, facts);
  if (why === undefined) {
    const { local, isThere } = facts;
    const missing =
      mount?.kind === 'bind' && local && !isThere(posix.join(mount.source, path.slice(mount.target.length)));
    return mount?.kind === 'bind' && mount.readOnly && missing ? 'missing' : mounted(file, path, facts);
  }
  // If nothing else works: a directory for secrets only can be a volume, even inside another mount.
  if (isSecret && mount !== undefined && mount.target !== directory) return own;
  return mount === undefined && why !== 'changed' ? 'root' : why;
}

/** Why a file can be mounted neither from this machine nor from a volume. */
function whyNotMounted(file: ServiceFile, facts: PlaceFacts): WhyRefused | undefined {
  if (facts.subpaths) return undefined;
  if (file.source === undefined || !facts.local) return 'old-engine';
  if (statesOwner(file)) return 'owner';
  return facts.isIntact(file) ? undefined : 'changed';
}

function mounted(file: ServiceFile, path: string, { local, isIntact }: PlaceFacts): PlacedFile {
  const { source } = file;
  return source !== undefined && local && !statesOwner(file) && isIntact(file)
    ? { file, path, way: 'bind', source }
    : { file, path, way: 'volume' };
}

/** A file mounted from this machine has its owner and mode from here. */
const statesOwner = ({ uid, gid, mode }: ServiceFile): boolean => [uid, gid, mode].some((one) => one !== undefined);

/** A directory inside another volume of the container needs no volume, unless something is mounted between them. */
function withoutNested(placed: readonly PlacedFile[], mounts: readonly Mount[]): PlacedFile[] {
  const directories = new Set(placed.flatMap((one) => (one.way === 'copy' ? (one.directory ?? []) : [])));
  const outermost = (directory: string): string => {
    const bottom = mountAt(mounts, directory)?.target;
    const above = [...directories].filter(
      (other) => isBelow(directory, other) && (bottom === undefined || isBelow(other, bottom)),
    );
    return above.toSorted((a, b) => a.length - b.length)[0] ?? directory;
  };
  return placed.map((one) =>
    one.way === 'copy' && one.directory !== undefined ? { ...one, directory: outermost(one.directory) } : one,
  );
}
