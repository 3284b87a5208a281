import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod/mini';
import type { Engine, NewFile } from '../model/engine.ts';
import type { ContainerRecord, LedgerState, Release } from '../model/release.ts';
import { type Keeper, LEDGER } from './keeper.ts';

/**
 * The record of releases and containers, in a volume on the engine, so that any machine can take over. `state` is
 * written to two files in turn, so that a write that is cut off loses at most itself.
 */
export interface Ledger {
  readonly state: LedgerState;
  /** For hashes of what may be secret; made once per project. */
  readonly key: string;
  write(change: Partial<LedgerState>): Promise<void>;
  recordRelease(release: Release): Promise<void>;
  /** Takes all but these containers out of what the state holds; their own records stay. */
  keepLive(containers: readonly string[]): void;
  recordContainer(record: ContainerRecord): Promise<void>;
  readContainer(name: string): Promise<ContainerRecord | undefined>;
  /**
   * Adds what is known now to a record; one that was lost is left alone. An end is written at once, anything else with
   * the next {@link write}: losing it costs nothing that the history directory does not know.
   */
  updateContainer(name: string, change: Partial<ContainerRecord>): Promise<void>;
}

const EMPTY: LedgerState = { current: null, running: null, releases: 0, history: null, containers: {} };

/** Reads the state through the keeper; an empty ledger gets its key and its directories. */
export async function openLedger(engine: Engine, keeper: Keeper): Promise<Ledger> {
  const files = await readAll(engine, keeper, posix.join(LEDGER, 'state'));
  let { state, sequence } = newest(files);
  const key = files.get('key') ?? randomBytes(32).toString('hex');
  const put = (entries: readonly NewFile[]) => engine.writeFiles(keeper.id, LEDGER, entries);
  if (!files.has('key'))
    await put([directory('state'), directory('releases'), directory('containers'), file('state/key', key)]);
  // Writes follow each other: two at once could give the older state the higher number.
  let last = Promise.resolve();
  const live = new Map(Object.entries(state.containers));
  const recordContainer = (record: ContainerRecord): Promise<void> => {
    live.set(record.name, record);
    return put([file(`containers/${record.name}.json`, JSON.stringify(record))]);
  };
  const readContainer = async (name: string): Promise<ContainerRecord | undefined> => {
    const known = live.get(name);
    if (known !== undefined) return known;
    const [text] = (await readAll(engine, keeper, posix.join(LEDGER, 'containers', `${name}.json`))).values();
    return text === undefined ? undefined : (parse(text, containerRecord) as ContainerRecord | undefined);
  };
  return {
    key,
    get state() {
      return state;
    },
    write(change) {
      const containers = Object.fromEntries([...live].filter(([, record]) => record.endedAtMs === undefined));
      state = { ...state, containers, ...change };
      sequence += 1;
      const entry = file(`state/${sequence % 2}.json`, JSON.stringify({ sequence, state }));
      last = last.catch(() => undefined).then(() => put([entry]));
      return last;
    },
    recordRelease: (release) =>
      put([file(`releases/${String(release.number).padStart(6, '0')}-${release.id}.json`, JSON.stringify(release))]),
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

/** Every container that the ledger knows, in no order. What is torn is left out. */
export async function readContainerRecords(engine: Engine, keeper: Keeper): Promise<ContainerRecord[]> {
  const [files, { state }] = await Promise.all([
    readAll(engine, keeper, posix.join(LEDGER, 'containers')),
    openLedger(engine, keeper),
  ]);
  // Written by this program alone; the schema guards against a torn or foreign file, not against lobbie.
  const records = [...files.values()]
    .map((text) => parse(text, containerRecord))
    .filter((record) => record !== undefined) as ContainerRecord[];
  return records.map((record) => ({ ...state.containers[record.name], ...record }));
}

const containerRecord = z.looseObject({
  id: z.string(),
  name: z.string(),
  replica: z.object({ service: z.string(), index: z.number() }),
  release: z.string(),
  image: z.string(),
  startedAtMs: z.number(),
});
const numberedState = z.object({ sequence: z.number(), state: z.looseObject({ releases: z.number() }) });

function newest(files: ReadonlyMap<string, string>): { state: LedgerState; sequence: number } {
  const candidates = ['0.json', '1.json']
    .map((name) => parse(files.get(name) ?? '', numberedState))
    .filter((candidate) => candidate !== undefined)
    .toSorted((a, b) => b.sequence - a.sequence);
  const best = candidates[0];
  // Written by this program alone, see above.
  return best === undefined
    ? { state: EMPTY, sequence: 0 }
    : { state: best.state as unknown as LedgerState, sequence: best.sequence };
}

async function readAll(engine: Engine, keeper: Keeper, path: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of engine.readFiles(keeper.id, path)) {
    if (entry.kind === 'file') files.set(entry.name, entry.content.toString('utf8'));
  }
  return files;
}

function parse<T>(text: string, schema: z.ZodMiniType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const file = (name: string, content: string): NewFile => ({ kind: 'file', name, content, mode: 0o600 });
const directory = (name: string): NewFile => ({ kind: 'directory', name, mode: 0o700 });
