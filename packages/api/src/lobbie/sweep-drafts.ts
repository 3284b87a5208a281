import { lstat, opendir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The draft that publishEntry writes before a name is in the history. */
const DRAFT = /^\.include-me-[A-Za-z0-9]+\.txt\.[0-9a-f-]{36}\.draft$/;

/** A draft exists only for the time of two writes. An older one belongs to a start that was killed. */
export const DRAFT_STALE_MS = 60_000;

/**
 * Removes the drafts of starts that were killed, and returns their number. Drafts of starting containers are younger;
 * if one was suspended for so long, publishEntry writes its draft again. Skips entries that cannot be removed or are
 * not regular files.
 */
export async function sweepDrafts(directory: string, nowMs: number): Promise<number> {
  let removed = 0;
  for await (const { name } of await opendir(directory, { bufferSize: 512 })) {
    if (!DRAFT.test(name)) continue;
    const path = join(directory, name);
    const stats = await lstat(path).catch(() => undefined);
    if (!stats?.isFile() || nowMs - stats.mtimeMs < DRAFT_STALE_MS) continue;
    const isRemoved = await unlink(path).then(
      () => true,
      () => false,
    );
    if (isRemoved) removed += 1;
  }
  return removed;
}
