import { posix } from 'node:path';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
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
      // Another command may have made it meanwhile.
      const rival = await findKeeper(engine, project);
      if (rival !== undefined) return rival;
      const taker = await engine.inspectContainer(keeperName(project));
      // One that is just being removed has the name for another moment; a foreign one keeps it.
      if (taker !== undefined && taker.labels[LABEL.role] !== 'keeper') throw error;
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

/** The project's keeper if there is one. */
export async function findKeeper(engine: Engine, project: string): Promise<Keeper | undefined> {
  const found = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'keeper' });
  const keeper = found.find(({ state }) => state !== 'removing' && state !== 'dead');
  return keeper && keeperOf(keeper.id, project, keeper.labels[KEEPS] || undefined);
}

const keeperOf = (id: string, project: string, keeps: string | undefined): Keeper => ({
  id,
  project,
  keeps,
  history: keeps === undefined ? undefined : posix.join(ABOVE_HISTORY, posix.basename(keeps)),
});
