import { posix } from 'node:path';
import { z } from 'zod/mini';
import type { Engine } from '../model/engine.ts';
import type { FileEntry } from '../model/engine-file.ts';
import type { ContainerRecord, LedgerState } from '../model/release.ts';
import { type Keeper, LEDGER } from './keeper.ts';
import { allPages, pagesOf } from './pages.ts';

/**
 * A record is one line of JSON, with at most 80 characters of the container's answer. A larger file counts as damaged.
 */
export const RECORD_LIMITS = { mostBytes: 256 * 1024 };

/**
 * The containers that have run, in no particular order: those of the latest releases, and all that may still run. For a
 * damaged record, rebuilds what its file name tells.
 *
 * @param enough stops before the next page of the ledger once it has so many; undefined reads them all at once
 */
export async function readContainerRecords(
  engine: Engine,
  keeper: Keeper,
  state: LedgerState,
  enough?: number,
): Promise<ContainerRecord[]> {
  const found = new Map<string, ContainerRecord>();
  for (const directory of enough === undefined ? allPages('containers') : pagesOf(state, 'containers')) {
    for await (const entry of engine.readFiles(keeper.id, posix.join(LEDGER, directory), RECORD_LIMITS)) {
      const record = recordIn(keeper.project, entry);
      // A record that was lost and written again is on a later page too.
      const other = record && found.get(record.name);
      if (record !== undefined && !(other && placeOf(other) > placeOf(record))) found.set(record.name, record);
    }
    if (enough !== undefined && ranOf(found).length >= enough) break;
  }
  // The state may know more about a container that may still run.
  for (const [name, record] of Object.entries(state.containers)) found.set(name, { ...found.get(name), ...record });
  return ranOf(found);
}

/** The record in a file; undefined for a directory. Ignores a record in a file of another name. */
function recordIn(project: string, entry: FileEntry): ContainerRecord | undefined {
  const read = parseRecord(entry);
  const name = posix.basename(entry.name);
  return read !== undefined && `${read.name}.json` === name ? read : rebuild(project, { ...entry, name });
}

/** The page of a record. Those of older versions come first. */
const placeOf = ({ page = -1 }: ContainerRecord): number => page;

const ranOf = (found: ReadonlyMap<string, ContainerRecord>): ContainerRecord[] =>
  [...found.values()].filter(({ neverRan }) => !neverRan);

/** One record; undefined if it is damaged. */
export function parseRecord({ kind, content }: FileEntry): ContainerRecord | undefined {
  if (kind !== 'file' || content === undefined) return undefined;
  try {
    // The schema keeps properties that it does not know.
    return containerRecord.parse(JSON.parse(content.toString('utf8'))) as ContainerRecord;
  } catch {
    return undefined;
  }
}

/** The required properties of a record. Its name becomes a file name, and the container's answer is shown to users. */
export const containerRecord = z.looseObject({
  id: z.string(),
  name: z.string().check(z.regex(/^[A-Za-z0-9][\w.-]*$/)),
  replica: z.object({ service: z.string(), index: z.number() }),
  release: z.string(),
  image: z.string(),
  startedAtMs: z.number(),
  endedAtMs: z.optional(z.number()),
  exitCode: z.optional(z.number()),
  page: z.optional(z.int().check(z.nonnegative())),
  file: z.optional(z.string()),
  answer: z.optional(z.string()),
});

/** A record is written when its container starts, so the name and time of its file tell most of it. */
function rebuild(project: string, { kind, name: fileName, modifiedAtMs }: FileEntry): ContainerRecord | undefined {
  const name = fileName.replace(/\.json$/, '');
  const parts = name.startsWith(`${project}-`) ? /^(.+)-(\d+)-([^-]+)$/.exec(name.slice(project.length + 1)) : null;
  const [, service, index, release] = parts ?? [];
  if (kind !== 'file' || service === undefined || release === undefined) return undefined;
  return { id: '', name, replica: { service, index: Number(index) }, release, image: '', startedAtMs: modifiedAtMs };
}
