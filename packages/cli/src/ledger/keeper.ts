import { posix } from 'node:path';
import type { ContainerDetails } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { ImageDetails } from '../model/image.ts';
import { keeperName, LABEL, ledgerVolumeName } from '../model/names.ts';

/** Where the keeper mounts the ledger. */
export const LEDGER = '/ledger';
/** Where the keeper mounts the parent of the history, so that it can create the history with the right owner. */
const ABOVE_HISTORY = '/above-history';
/** Tries to create a keeper while the old one is still being removed. Each try takes a few calls to the engine. */
const MOST_TRIES = 50;
const EMPTY_IMAGE = 'lobbie-keeper:empty';
/** Label with the history directory that a keeper was made for. */
const KEEPS = 'dev.lobbie.history';

/** The container that lobbie reads and writes its state on the engine through; created and never started. */
export interface Keeper {
  /** Container id. */
  readonly id: string;
  readonly project: string;
  /** The history directory that it was made for; undefined if the project has none. */
  readonly keeps: string | undefined;
  /** The history directory's path inside the keeper. */
  readonly history: string | undefined;
}

/**
 * Finds the project's keeper, or creates it (again, if it was pruned). Its image is empty, so no registry is needed. If
 * it was made for another history directory, only the holder of the lease, who passes one, replaces it.
 *
 * @param history absolute path on the engine's machine; `undefined` accepts any keeper
 */
export async function ensureKeeper(engine: Engine, project: string, history: string | undefined): Promise<Keeper> {
  const existing = await findKeeper(engine, project);
  if (existing !== undefined && (history === undefined || existing.keeps === history)) return existing;
  if (existing !== undefined) await engine.removeContainer(existing.id, { force: true });
  for (let tries = 1; ; tries += 1) {
    try {
      return await createKeeper(engine, project, history);
    } catch (error) {
      if (!(error instanceof LobbieError) || error.code !== 'NAME_TAKEN' || tries === MOST_TRIES) throw error;
      // Another command may have created it meanwhile. A keeper that is being removed still has the name for a moment.
      const rival = await findKeeper(engine, project);
      if (rival !== undefined) return rival;
    }
  }
}

async function createKeeper(engine: Engine, project: string, history: string | undefined): Promise<Keeper> {
  const image = await engine.importEmptyImage(EMPTY_IMAGE);
  await engine.createVolume({
    name: ledgerVolumeName(project),
    labels: { [LABEL.project]: project, [LABEL.role]: 'volume' },
  });
  const id = await engine.createContainer({
    name: keeperName(project),
    image,
    labels: { [LABEL.project]: project, [LABEL.role]: 'keeper', [KEEPS]: history ?? '' },
    // Never run, because the image is empty. The engine requires a command.
    command: ['/keeper'],
    networks: [],
    mounts: [
      { kind: 'volume', source: ledgerVolumeName(project), target: LEDGER, readOnly: false },
      ...(history === undefined
        ? []
        : [{ kind: 'bind', source: posix.dirname(history), target: ABOVE_HISTORY, readOnly: false } as const]),
    ],
  });
  return keeperOf(id, project, history);
}

/**
 * The project's keeper, if there is one.
 *
 * @throws LobbieError `NAME_TAKEN` if a container with this name was not made by lobbie. lobbie does not read or write
 * it, because that would give it the ledger
 */
export async function findKeeper(engine: Engine, project: string): Promise<Keeper | undefined> {
  const found = await engine.inspectContainer(keeperName(project));
  if (found === undefined || found.state === 'removing' || found.state === 'dead') return undefined;
  const why = whyNoKeeper(project, found, await engine.inspectImage(found.imageId));
  if (why !== undefined) throw posesAsKeeper(project, found, why);
  return keeperOf(found.id, project, found.labels[KEEPS] || undefined);
}

/**
 * Why a container is not a keeper; undefined if it is one. Labels prove nothing, because an image can set them. A
 * keeper has an image without files and labels, has never run, and mounts the ledger of its project.
 */
function whyNoKeeper(project: string, found: ContainerDetails, image: ImageDetails | undefined): string | undefined {
  const { labels, state, startedAtMs, volumes, image: reference } = found;
  if (labels[LABEL.project] !== project || labels[LABEL.role] !== 'keeper') return 'it does not have its labels';
  // If the image was removed, the other checks still hold: an image cannot set a name or mount another project's
  // volume.
  if (image?.empty === false) return `its image ${reference} is not empty`;
  if (Object.keys(image?.labels ?? {}).length > 0) return `its image ${reference} carries labels`;
  if (state !== 'created' || startedAtMs !== undefined) return `it has been started (it is ${state})`;
  const ledger = volumes.find(({ target }) => target === LEDGER)?.name;
  if (ledger !== ledgerVolumeName(project)) return `it does not mount volume ${ledgerVolumeName(project)} at ${LEDGER}`;
  return undefined;
}

const posesAsKeeper = (project: string, { name, id }: ContainerDetails, why: string): LobbieError =>
  new LobbieError(
    'NAME_TAKEN',
    `Container ${name} (${id.slice(0, 12)}) has the name of the keeper of project ${project}, but lobbie did not create it: ${why}.`,
    {
      hint: `lobbie does not use it. Inspect it: docker inspect ${name}\nThen remove it (docker rm -f ${name}) or rename it: docker rename ${name} <name>`,
    },
  );

const keeperOf = (id: string, project: string, keeps: string | undefined): Keeper => ({
  id,
  project,
  keeps,
  history: keeps === undefined ? undefined : posix.join(ABOVE_HISTORY, posix.basename(keeps)),
});
