import { ensureKeeper, findKeeper } from '../ledger/keeper.ts';
import { openLedger, readContainerRecords } from '../ledger/ledger.ts';
import { type HistoryEntry, readHistory } from '../ledger/read-history.ts';
import type { ContainerDetails, Engine } from '../model/engine.ts';
import { LABEL, ledgerVolumeName } from '../model/names.ts';
import { replicaName } from '../model/project.ts';
import type { ContainerRecord } from '../model/release.ts';
import type { HistoryContainer, HistoryResult } from '../model/results.ts';
import type { CommandContext } from './context.ts';

/**
 * Every container that ever ran, oldest first: what the ledger knows, and what the containers wrote of themselves, so
 * that neither a lost ledger nor a container that someone else started is missing.
 *
 * @param limit at most that many, the latest ones; undefined means all
 */
export async function history(
  { engine, projectName }: CommandContext,
  limit: number | undefined,
): Promise<HistoryResult> {
  const keeper = await historyKeeper(engine, projectName);
  if (keeper === undefined) return { type: 'history', containers: [] };
  const [records, entries, present] = await Promise.all([
    readContainerRecords(engine, keeper),
    readHistory(engine, keeper),
    readPresent(engine, projectName),
  ]);
  const merged = merge(records, entries, present);
  return { type: 'history', containers: limit === undefined ? merged : limit === 0 ? [] : merged.slice(-limit) };
}

/** After `down` the keeper is gone and the ledger stays: it knows where the history was. */
async function historyKeeper(engine: Engine, project: string) {
  const existing = await findKeeper(engine, project);
  if (existing !== undefined) return existing;
  if (!(await engine.volumeExists(ledgerVolumeName(project)))) return undefined;
  const bare = await ensureKeeper(engine, project, undefined);
  const { state } = await openLedger(engine, bare);
  return state.history === null ? bare : ensureKeeper(engine, project, state.history);
}

async function readPresent(engine: Engine, project: string): Promise<Map<string, ContainerDetails>> {
  const listed = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' });
  const details = await Promise.all(listed.map(({ id }) => engine.inspectContainer(id)));
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
  return {
    file: record.file ?? entry?.file ?? null,
    container: record.name,
    service: record.replica.service,
    replica: replicaName(record.replica),
    release: record.release,
    image: record.image,
    started: iso(record.startedAtMs),
    ended: running ? null : iso(record.endedAtMs ?? present?.finishedAtMs),
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
