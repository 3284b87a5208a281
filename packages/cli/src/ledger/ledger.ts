import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod/mini';
import { coalesce } from '../model/coalesce.ts';
import type { Engine } from '../model/engine.ts';
import type { NewFile } from '../model/engine-file.ts';
import { LobbieError } from '../model/errors.ts';
import { ledgerVolumeName } from '../model/names.ts';
import type { ContainerRecord, LedgerState, Release } from '../model/release.ts';
import { checkState } from './check-state.ts';
import { parseRecord, RECORD_LIMITS } from './container-records.ts';
import { ensureKeeper, type Keeper, LEDGER } from './keeper.ts';
import { directoriesAbove, pageDirectory, pageOf, releaseFile } from './pages.ts';
import { sealRelease, unsealRelease } from './seal.ts';

/**
 * The record of releases and containers, in a volume on the engine, so that any machine can take over. `state`
 * alternates between two files: an interrupted write loses only itself. Only the holder of the lease writes.
 */
export interface Ledger {
  readonly state: LedgerState;
  /** For fingerprints of possible secrets; created once per project. Temporary until the first write. */
  readonly key: string;
  /** Changes the state. If a release ended with it, writes its record first. */
  write(change: Partial<LedgerState>, ended?: Release): Promise<void>;
  /** Removes all other containers from the state. Their own records stay. */
  keepLive(containers: readonly string[]): void;
  recordContainer(record: ContainerRecord): Promise<void>;
  readContainer(name: string): Promise<ContainerRecord | undefined>;
  /**
   * Adds facts to a record; ignores a missing record. Writes the end of a container at once, other facts with the next
   * {@link write}: if they are lost, the history directory still has them.
   */
  updateContainer(name: string, change: Partial<ContainerRecord>): Promise<void>;
}

const EMPTY: LedgerState = {
  current: null,
  running: null,
  releases: 0,
  history: null,
  leaving: null,
  containers: {},
  ingresses: {},
  ingressImage: null,
};

/**
 * Reads the state through the keeper and changes nothing.
 *
 * @param keeper undefined if the project has no ledger yet: it reads as empty and cannot be written
 * @param provisionalKey becomes the key if there is none yet
 */
export async function openLedger(
  engine: Engine,
  keeper: Keeper | undefined,
  provisionalKey = newKey(),
): Promise<Ledger> {
  const files = keeper === undefined ? new Map<string, string>() : await readState(engine, keeper);
  const found = KEY.test(files.get('key') ?? '') ? files.get('key') : undefined;
  const key = found ?? provisionalKey;
  const read = newest(files, key);
  let state = keeper === undefined ? read.state : checkState(keeper.project, read.state);
  let { sequence } = read;
  const kept = keepAlive(engine, keeper);
  // The first write adds what an empty ledger lacks.
  let lacking = found === undefined ? [directory('state'), file('state/key', key)] : [];
  // A write takes the engine tens of milliseconds, whatever its size. Two writes at once could give the older state the
  // higher number.
  const put = coalesce<NewFile>(async (entries) => {
    await kept(({ id }) => engine.writeFiles(id, LEDGER, [...lacking, ...entries]));
    lacking = [];
  });
  const live = new Map(Object.entries(state.containers));
  const recordContainer = (known: ContainerRecord): Promise<void> => {
    // A record stays where it is. Older versions had no pages.
    const record = live.has(known.name) ? known : { page: pageOf(state.releases), ...known };
    live.set(record.name, record);
    return put(inDirectories(file(recordFile(record), JSON.stringify(record))));
  };
  const readContainer = async (name: string): Promise<ContainerRecord | undefined> => {
    const known = live.get(name);
    if (known !== undefined || keeper === undefined) return known;
    // A command that was killed has written it, but not yet to the state.
    const [page, pageBefore] = [pageOf(state.releases), pageOf(Math.max(0, state.releases - 1))];
    for (const path of new Set([page, pageBefore, undefined].map((one) => recordFile({ name, page: one })))) {
      const read = await kept(async ({ id }) => {
        for await (const entry of engine.readFiles(id, posix.join(LEDGER, path), RECORD_LIMITS))
          return parseRecord(entry);
        return undefined;
      });
      if (read !== undefined) return read;
    }
    return undefined;
  };
  return {
    key,
    get state() {
      return state;
    },
    write(change, ended) {
      const containers = Object.fromEntries([...live].filter(([, record]) => record.endedAtMs === undefined));
      state = { ...state, containers, ...change };
      sequence += 1;
      const sealed = { ...state, current: sealedOrNull(state.current, key), running: sealedOrNull(state.running, key) };
      const record = ended && inDirectories(file(releaseFile(ended), JSON.stringify(sealRelease(ended, key))));
      const entry = file(`state/${sequence % 2}.json`, JSON.stringify({ sequence, state: sealed }));
      // In this order, because the state decides.
      return put([...(record ?? []), entry]);
    },
    keepLive(containers) {
      for (const name of live.keys()) if (!containers.includes(name)) live.delete(name);
    },
    recordContainer,
    readContainer,
    async updateContainer(name, change) {
      const record = await readContainer(name);
      if (record === undefined) return;
      live.set(name, { ...record, ...change });
      if (change.endedAtMs !== undefined) await recordContainer({ ...record, ...change });
    },
  };
}

const recordFile = ({ name, page }: Pick<ContainerRecord, 'name' | 'page'>): string =>
  `${pageDirectory(page, 'containers')}/${name}.json`;

const KEY = /^[0-9a-f]{64}$/;
const newKey = (): string => randomBytes(32).toString('hex');
const numberedState = z.object({ sequence: z.number(), state: z.looseObject({ releases: z.number() }) });

function newest(files: ReadonlyMap<string, string>, key: string): { state: LedgerState; sequence: number } {
  const candidates = ['0.json', '1.json']
    .map((name) => parse(files.get(name) ?? ''))
    .filter((candidate) => candidate !== undefined)
    .toSorted((a, b) => b.sequence - a.sequence);
  const best = candidates[0];
  if (best === undefined) return { state: EMPTY, sequence: 0 };
  // Checked as a whole after its secrets are decrypted.
  const sealed = best.state as unknown as LedgerState;
  const state = {
    ...EMPTY,
    ...sealed,
    current: unsealed(sealed.current, key),
    running: unsealed(sealed.running, key),
  };
  return { state, sequence: best.sequence };
}

/**
 * A release whose key was lost counts as lost: the next deploy creates another. A release that was changed is refused.
 */
function unsealed(release: Release | null, key: string): Release | null {
  try {
    return release && unsealRelease(release, key);
  } catch (error) {
    if (error instanceof LobbieError) throw error;
    return null;
  }
}

const sealedOrNull = (release: Release | null, key: string): Release | null => release && sealRelease(release, key);

/** How many times to repeat an act whose keeper was removed meanwhile. A prune does not explain more. */
const MOST_TRIES = 5;

/** `docker container prune` removes the keeper too, even during a deploy. Creates it again and repeats the act. */
function keepAlive(engine: Engine, first: Keeper | undefined): <T>(act: (keeper: Keeper) => Promise<T>) => Promise<T> {
  let keeper = first;
  return async (act) => {
    for (let tries = 1; ; tries += 1) {
      if (keeper === undefined) throw new Error('unreachable: a keeper exists before the ledger is written');
      const used: Keeper = keeper;
      try {
        return await act(used);
      } catch (error) {
        if (tries === MOST_TRIES || (await isThere(engine, used))) throw error;
        // Another act may already have created the next one.
        if (keeper === used) keeper = await ensureKeeper(engine, used.project, used.keeps);
      }
    }
  };
}

/** A keeper that is being removed counts as gone. If the engine does not answer, the keeper counts as present. */
async function isThere(engine: Engine, { id }: Keeper): Promise<boolean> {
  try {
    return (await engine.inspectContainer(id))?.state === 'created';
  } catch {
    return true;
  }
}

/** A state contains two releases with their configs and secrets. */
const STATE_LIMITS = { mostBytes: 256 * 1024 * 1024 };

const tooLarge = (project: string, name: string): LobbieError =>
  new LobbieError('ENGINE_ERROR', `The ledger of project ${project} has a file of more than 256 MiB: state/${name}.`, {
    hint: `lobbie did not write it. Inspect the volume ${ledgerVolumeName(project)}.`,
  });

async function readState(engine: Engine, keeper: Keeper): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of engine.readFiles(keeper.id, posix.join(LEDGER, 'state'), STATE_LIMITS)) {
    if (entry.kind !== 'file') continue;
    if (entry.content === undefined) throw tooLarge(keeper.project, entry.name);
    files.set(entry.name, entry.content.toString('utf8'));
  }
  return files;
}

function parse(text: string): z.infer<typeof numberedState> | undefined {
  try {
    return numberedState.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const file = (name: string, content: string): NewFile => ({ kind: 'file', name, content, mode: 0o600 });
const inDirectories = (one: NewFile): NewFile[] => [...directoriesAbove(one.name).map(directory), one];
const directory = (name: string): NewFile => ({ kind: 'directory', name, mode: 0o700 });
