import type { ContainerDetails } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import { isAnonymous, type Mount } from '../../model/mount.ts';
import { LABEL } from '../../model/names.ts';
import { onErrand } from '../observe/errands.ts';
import { isInSecrets, type PlacedFile } from './place-files.ts';
import type { ServiceFiles } from './service-files.ts';
import { fileEntry } from './write-service-files.ts';

/** Labels of a volume with a container's configs and secrets. */
export const fileLabels = (project: string, container: string): Record<string, string> => ({
  [LABEL.project]: project,
  [LABEL.role]: 'files',
  [LABEL.container]: container,
});

/** Where the container that fills such a volume mounts it. */
const INSIDE = '/files';

/** The volume from which single files are mounted into one container. It is removed after the container. */
const volumeName = (container: string): string => `${container}_lobbie-files`;

/** Creates and fills the volume with a container's mounted files, before the container is created. */
export async function createFileVolume(
  engine: Engine,
  project: string,
  { container, image, files: { placed, owner } }: { container: string; image: string; files: ServiceFiles },
): Promise<void> {
  const files = fromVolume(placed);
  if (files.length === 0) return;
  const name = volumeName(container);
  await engine.createVolume({
    name,
    labels: fileLabels(project, container),
  });
  const mounts: Mount[] = [{ kind: 'volume', source: name, target: INSIDE, readOnly: false, noCopy: true }];
  await onErrand(engine, project, { image, command: ['/fill'], mounts }, (id) =>
    engine.writeFiles(
      id,
      INSIDE,
      files.map(({ file }, index) => fileEntry(file, String(index), owner)),
    ),
  );
}

/** The container's mounts for files that are not copied. */
export const fileMounts = (container: string, placed: readonly PlacedFile[]): Mount[] => [
  ...placed.flatMap((one): Mount[] =>
    one.way === 'bind' ? [{ kind: 'bind', source: one.source, target: one.path, readOnly: true, mustExist: true }] : [],
  ),
  ...fromVolume(placed).map(
    ({ path }, index): Mount => ({
      kind: 'volume',
      source: volumeName(container),
      subpath: String(index),
      target: path,
      readOnly: true,
      noCopy: true,
    }),
  ),
];

const fromVolume = (placed: readonly PlacedFile[]): PlacedFile[] => placed.filter(({ way }) => way === 'volume');

/** Removes the volumes of this kind whose containers are gone. Called by the holder of the lease. */
export async function clearFileVolumes(engine: Engine, project: string): Promise<void> {
  const volumes = await engine.listVolumes({ [LABEL.project]: project, [LABEL.role]: 'files' });
  if (volumes.length === 0) return;
  const containers = new Set((await engine.listAllContainers()).map(({ name }) => name));
  const orphaned = volumes.filter(({ name, labels }) => {
    const container = labels[LABEL.container] ?? '';
    return (name === volumeName(container) || isAnonymous(name)) && !containers.has(container);
  });
  await clearFileVolumesOf(
    engine,
    orphaned.map(({ name }) => name),
  );
}

/** Removes such volumes, unless a container uses them. */
export const clearFileVolumesOf = async (engine: Engine, names: readonly string[]): Promise<void> =>
  void (await Promise.all(names.map((name) => engine.removeVolume(name).catch(ignoreInUse))));

/** The names of a container's anonymous volumes that lobbie made for its configs and secrets. */
export async function fileVolumesOf(engine: Engine, { volumes }: Pick<ContainerDetails, 'volumes'>): Promise<string[]> {
  const own = await Promise.all(
    volumes
      .filter(({ name }) => isAnonymous(name))
      .map(async ({ name, target }) => {
        const role = (await engine.inspectVolume(name))?.labels[LABEL.role];
        // Older versions of lobbie did not label them.
        const ofOlder = role === undefined && isInSecrets(target);
        return role === 'files' || ofOlder ? [name] : [];
      }),
  );
  return own.flat();
}

/** The engine knows whether a volume is still used. */
function ignoreInUse(error: unknown): void {
  if (!(error instanceof LobbieError) || error.code !== 'ENGINE_ERROR') throw error;
}
