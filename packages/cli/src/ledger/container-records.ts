import { posix } from 'node:path';
import { z } from 'zod/mini';
import type { Engine } from '../model/engine.ts';
import type { FileEntry } from '../model/engine-file.ts';
import type { ContainerRecord, LedgerState } from '../model/release.ts';
import { type Keeper, LEDGER } from './keeper.ts';

/** The ledger's directory with one file for each container. */
export const CONTAINERS = 'containers';
/**
 * A record is one line of JSON, with at most 80 characters of the container's answer. A larger file counts as damaged.
 */
export const RECORD_LIMITS = { mostBytes: 256 * 1024 };

/** All containers in the ledger, in no particular order. For a damaged record, rebuilds what its file name tells. */
export async function readContainerRecords(
  engine: Engine,
  keeper: Keeper,
  state: LedgerState,
): Promise<ContainerRecord[]> {
  const records: ContainerRecord[] = [];
  for await (const entry of engine.readFiles(keeper.id, posix.join(LEDGER, CONTAINERS), RECORD_LIMITS)) {
    const read = parseRecord(entry);
    // Ignores a record in a file of another name.
    const record = read !== undefined && `${read.name}.json` === entry.name ? read : rebuild(keeper.project, entry);
    // The state may know more about a running container.
    if (record !== undefined) records.push({ ...record, ...state.containers[record.name] });
  }
  return records;
}

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
