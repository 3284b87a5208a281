import { posix } from 'node:path';
import type { Engine } from '../model/engine.ts';
import { keeperName, LABEL, ledgerVolumeName } from '../model/names.ts';

/** Where the keeper mounts the ledger. */
export const LEDGER = '/ledger';
/** Where the keeper mounts the directory above the history: so it can make the history with the right owner. */
const ABOVE_HISTORY = '/above-history';
const EMPTY_IMAGE = 'lobbie-keeper:empty';
/** Label with the history directory that a keeper was made for. */
const KEEPS = 'dev.lobbie.history';

/** The container through which state on the engine is read and written; created and never started. */
export interface Keeper {
  /** Container id. */
  readonly id: string;
  /** The history directory's path inside the keeper; undefined where the project has none. */
  readonly history: string | undefined;
}

/**
 * Finds the project's keeper, or makes it (again, if it was pruned). Its image is empty, so no registry is needed.
 *
 * @param history absolute path on the engine's machine; `undefined` takes a keeper as it is
 */
export async function ensureKeeper(engine: Engine, project: string, history: string | undefined): Promise<Keeper> {
  const existing = await findKeeper(engine, project);
  if (existing !== undefined && (history === undefined || existing.keeps === history)) return existing;
  if (existing !== undefined) await engine.removeContainer(existing.id, { force: true });
  const image = await engine.importEmptyImage(EMPTY_IMAGE);
  await engine.createVolume(ledgerVolumeName(project), { [LABEL.project]: project, [LABEL.role]: 'volume' });
  try {
    return { id: await createKeeper(engine, project, history, image), history: inKeeper(history) };
  } catch (error) {
    // Another command that began at the same moment made it.
    const theirs = await findKeeper(engine, project).catch(() => undefined);
    if (theirs === undefined || (history !== undefined && theirs.keeps !== history)) throw error;
    return theirs;
  }
}

const createKeeper = (engine: Engine, project: string, history: string | undefined, image: string): Promise<string> =>
  engine.createContainer({
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

/** The project's keeper if there is one. */
export async function findKeeper(
  engine: Engine,
  project: string,
): Promise<(Keeper & { readonly keeps: string }) | undefined> {
  const found = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'keeper' });
  const keeper = found[0];
  if (keeper === undefined) return undefined;
  const keeps = keeper.labels[KEEPS] ?? '';
  return { id: keeper.id, history: inKeeper(keeps === '' ? undefined : keeps), keeps };
}

const inKeeper = (history: string | undefined): string | undefined =>
  history === undefined ? undefined : posix.join(ABOVE_HISTORY, posix.basename(history));
