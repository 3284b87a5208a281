import { posix } from 'node:path';
import type { ContainerDetails } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { ImageDetails } from '../model/image.ts';
import { keeperName, LABEL, ledgerVolumeName } from '../model/names.ts';

/** Where the keeper mounts the ledger. */
export const LEDGER = '/ledger';
/** Where the keeper mounts the directory above the history: so it can make the history with the right owner. */
const ABOVE_HISTORY = '/above-history';
/** Of making a keeper whose name is still that of one being removed; each takes a few calls of the engine. */
const MOST_TRIES = 50;
const EMPTY_IMAGE = 'lobbie-keeper:empty';
/** Label with the history directory that a keeper was made for. */
const KEEPS = 'dev.lobbie.history';

/** The container through which state on the engine is read and written; created and never started. */
export interface Keeper {
  /** Container id. */
  readonly id: string;
  readonly project: string;
  /** The history directory that it was made for; undefined where the project has none. */
  readonly keeps: string | undefined;
  /** The history directory's path inside the keeper. */
  readonly history: string | undefined;
}

/**
 * Finds the project's keeper, or makes it (again, if it was pruned). Its image is empty, so no registry is needed. One
 * that was made for another history directory is made again only by the holder of the lease, who asks for one.
 *
 * @param history absolute path on the engine's machine; `undefined` takes a keeper as it is
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
      // Another command may have made it meanwhile. One that is just being removed has the name for another moment.
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
    // Never run: the image has nothing in it. The engine wants a command to be named all the same.
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
 * The project's keeper if there is one.
 *
 * @throws LobbieError `NAME_TAKEN` when a container that lobbie did not make has its name: such a one is neither read
 * nor written, for it would be handed the ledger
 */
export async function findKeeper(engine: Engine, project: string): Promise<Keeper | undefined> {
  const found = await engine.inspectContainer(keeperName(project));
  if (found === undefined || found.state === 'removing' || found.state === 'dead') return undefined;
  const why = whyNoKeeper(project, found, await engine.inspectImage(found.imageId));
  if (why !== undefined) throw posesAsKeeper(project, found, why);
  return keeperOf(found.id, project, found.labels[KEEPS] || undefined);
}

/**
 * What tells a container from a keeper; undefined where nothing does. Labels prove nothing, an image can bring them: a
 * keeper has an image without files and labels, has never run, and mounts the ledger of its project.
 */
function whyNoKeeper(project: string, found: ContainerDetails, image: ImageDetails | undefined): string | undefined {
  const { labels, state, startedAtMs, volumes, image: reference } = found;
  if (labels[LABEL.project] !== project || labels[LABEL.role] !== 'keeper') return 'it does not have its labels';
  // Where someone removed the image, the rest still holds: no image brings a name, or the volume of another.
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
    `Container ${name} (${id.slice(0, 12)}) has the name of the keeper of project ${project}, and lobbie did not make it: ${why}.`,
    {
      hint: `lobbie hands it nothing. Look what it is: docker inspect ${name}\nThen remove it (docker rm -f ${name}) or rename it: docker rename ${name} <name>`,
    },
  );

const keeperOf = (id: string, project: string, keeps: string | undefined): Keeper => ({
  id,
  project,
  keeps,
  history: keeps === undefined ? undefined : posix.join(ABOVE_HISTORY, posix.basename(keeps)),
});
