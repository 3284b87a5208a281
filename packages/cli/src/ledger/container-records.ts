import { posix } from 'node:path';
import { z } from 'zod/mini';
import type { Engine } from '../model/engine.ts';
import type { FileEntry } from '../model/engine-file.ts';
import type { ContainerRecord, LedgerState } from '../model/release.ts';
import { type Keeper, LEDGER } from './keeper.ts';

/** Directory of the ledger with a file for each container. */
export const CONTAINERS = 'containers';
/** A record is one line of JSON; what a container answered is cut to 80 letters. One that is larger reads as torn. */
export const RECORD_LIMITS = { mostBytes: 256 * 1024 };

/** Every container that the ledger knows, in no order. Of a torn record what its name says is left. */
export async function readContainerRecords(
  engine: Engine,
  keeper: Keeper,
  state: LedgerState,
): Promise<ContainerRecord[]> {
  const records: ContainerRecord[] = [];
  for await (const entry of engine.readFiles(keeper.id, posix.join(LEDGER, CONTAINERS), RECORD_LIMITS)) {
    const read = parseRecord(entry);
    // One that is in another's file is not believed.
    const record = read !== undefined && `${read.name}.json` === entry.name ? read : rebuild(keeper.project, entry);
    // The state may know more of one that runs.
    if (record !== undefined) records.push({ ...record, ...state.containers[record.name] });
  }
  return records;
}

/** One record; undefined when it is torn. */
export function parseRecord({ kind, content }: FileEntry): ContainerRecord | undefined {
  if (kind !== 'file' || content === undefined) return undefined;
  try {
    // The schema leaves what it does not name as it is.
    return containerRecord.parse(JSON.parse(content.toString('utf8'))) as ContainerRecord;
  } catch {
    return undefined;
  }
}

/** What a record says at least. Its name becomes that of a file, and what its container answered is shown. */
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

/** A record is written when its container starts: the file's name and time say most of it. */
function rebuild(project: string, { kind, name: fileName, modifiedAtMs }: FileEntry): ContainerRecord | undefined {
  const name = fileName.replace(/\.json$/, '');
  const parts = name.startsWith(`${project}-`) ? /^(.+)-(\d+)-([^-]+)$/.exec(name.slice(project.length + 1)) : null;
  const [, service, index, release] = parts ?? [];
  if (kind !== 'file' || service === undefined || release === undefined) return undefined;
  return { id: '', name, replica: { service, index: Number(index) }, release, image: '', startedAtMs: modifiedAtMs };
}
