import { readContainerRecords } from '../ledger/container-records.ts';
import { ensureKeeper, findKeeper } from '../ledger/keeper.ts';
import { type HistoryEntry, readHistory, readLocalHistory } from '../ledger/read-history.ts';
import type { ContainerDetails } from '../model/container.ts';
import type { ContainerRecord } from '../model/release.ts';
import type { HistoryContainer, HistoryResult } from '../model/results.ts';
import { replicaName } from '../model/service.ts';
import { findAndTell, withRole } from '../rollout/observe/project-containers.ts';
import type { CommandContext } from './context.ts';
import { defaultHistory } from './default-history.ts';
import { readLedger } from './read-ledger.ts';

/**
 * Every container that has run, oldest first. Combines the ledger with the entries that the containers wrote
 * themselves, so it is complete even if the ledger was lost or if someone else started a container.
 *
 * @param limit how many of the latest to list, at least 1; undefined means all
 */
export async function history(context: CommandContext, limit: number | undefined): Promise<HistoryResult> {
  const keeping = readKept(context, limit);
  context.secrets.learnFrom(keeping.then(() => []));
  const [{ records, entries }, present] = await Promise.all([keeping, readPresent(context)]);
  const merged = merge(records, entries, present);
  const latest = limit === undefined ? merged : merged.slice(-limit);
  // An entry without a record may belong to a container of an earlier page.
  if (limit !== undefined && latest.some(({ release }) => release === null)) {
    const { containers } = await history(context, undefined);
    return { type: 'history', containers: containers.slice(-limit) };
  }
  return { type: 'history', containers: latest };
}

interface Kept {
  readonly records: readonly ContainerRecord[];
  readonly entries: readonly HistoryEntry[];
}

/**
 * Reads the ledger and the history directory. If `down` removed the keeper, creates one for this and removes it again.
 */
async function readKept(context: CommandContext, limit: number | undefined): Promise<Kept> {
  const { engine, projectName } = context;
  const before = await findKeeper(engine, projectName);
  const { keeper: bare, ledger } = await readLedger(context);
  // Without a ledger the directory of the history is unknown. Looks in the default one.
  if (bare === undefined) return { records: [], entries: await readDefaultHistory(context) };
  const { history: kept, current, running } = ledger.state;
  const keeper = kept === null ? bare : await ensureKeeper(engine, projectName, bare.keeps ?? kept);
  try {
    const [records, entries] = await Promise.all([
      readContainerRecords(engine, keeper, ledger.state, limit),
      keeper.keeps === undefined ? readDefaultHistory(context) : readHistory(engine, keeper),
    ]);
    return { records, entries };
  } finally {
    const isDown = current === null && running === null;
    if (before === undefined && isDown) await engine.removeContainer(keeper.id, { force: true });
  }
}

const readDefaultHistory = async (context: CommandContext): Promise<HistoryEntry[]> =>
  context.engine.endpoint.local ? readLocalHistory(defaultHistory(context)) : [];

async function readPresent(context: CommandContext): Promise<Map<string, ContainerDetails>> {
  const { engine } = context;
  const all = await findAndTell(context, context.projectName);
  const details = await Promise.all(withRole(all, 'replica').map(({ id }) => engine.inspectContainer(id)));
  return new Map(details.filter((one) => one !== undefined).map((one) => [one.id, one]));
}

function merge(
  records: readonly ContainerRecord[],
  entries: readonly HistoryEntry[],
  present: ReadonlyMap<string, ContainerDetails>,
): HistoryContainer[] {
  const byId = new Map(entries.map((entry) => [entry.container ?? entry.host, entry]));
  const byFile = new Map(entries.map((entry) => [entry.file, entry]));
  const told = new Set<HistoryEntry>();
  const rows = records.map((record) => {
    const entry = byFile.get(record.file ?? '') ?? byId.get(record.id) ?? byId.get(record.id.slice(0, 12));
    if (entry !== undefined) told.add(entry);
    return { timeMs: record.startedAtMs, row: recordRow(record, entry, present.get(record.id)) };
  });
  const others = entries
    .filter((entry) => !told.has(entry))
    .map((entry) => ({ timeMs: entry.madeAtMs, row: entryRow(entry) }));
  return [...rows, ...others]
    .toSorted((a, b) => a.timeMs - b.timeMs || (a.row.container < b.row.container ? -1 : 1))
    .map(({ row }) => row);
}

function recordRow(
  record: ContainerRecord,
  entry: HistoryEntry | undefined,
  present: ContainerDetails | undefined,
): HistoryContainer {
  const running = present?.state === 'running';
  const endedAtMs = record.endedAtMs ?? present?.finishedAtMs;
  return {
    file: record.file ?? entry?.file ?? null,
    container: record.name,
    service: record.replica.service,
    replica: replicaName(record.replica),
    release: record.release,
    image: record.image || null,
    started: iso(record.startedAtMs),
    // Start and end may come from two clocks: this machine's and the engine's.
    ended: running || endedAtMs === undefined ? null : iso(Math.max(endedAtMs, record.startedAtMs)),
    running,
  };
}

const entryRow = ({ file, container, host, madeAtMs }: HistoryEntry): HistoryContainer => ({
  file,
  container: container?.slice(0, 12) ?? host,
  service: null,
  replica: null,
  release: null,
  image: null,
  started: iso(madeAtMs),
  ended: null,
  running: false,
});

const iso = (timeMs: number | undefined): string | null =>
  timeMs === undefined || !Number.isFinite(timeMs) ? null : new Date(timeMs).toISOString();
