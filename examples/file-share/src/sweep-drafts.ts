import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes drafts that nobody has written to since a time (milliseconds since 1970), and gives their number. Their
 * containers were killed; several replicas may sweep the same folder at once.
 */
export async function sweepDrafts(draftDirectory: string, untouchedSinceMs: number): Promise<number> {
  let swept = 0;
  for (const name of await readdir(draftDirectory)) {
    const path = join(draftDirectory, name);
    try {
      if ((await stat(path)).mtimeMs >= untouchedSinceMs) continue;
      await unlink(path);
      swept += 1;
    } catch {
      // Another replica was faster, or the upload has just ended.
    }
  }
  return swept;
}
