import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import manifest from '../package.json' with { type: 'json' };
import { claimFile } from './lobbie/claim-file.ts';
import { containerIdOf } from './lobbie/container-id.ts';
import { makeFileName } from './lobbie/file-name.ts';
import { lobbieShape } from './lobbie/lobbie-config.ts';
import { runService } from './service/run-service.ts';

await runService(process, lobbieShape, async (config) => {
  const file = claimFile({
    historyDirectory: config.HISTORY_DIR,
    fileDirectory: config.FILE_DIR,
    container: containerIdOf(await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')),
    host: hostname(),
    makeName: makeFileName,
    now: () => new Date(),
  });
  // Loaded while the file is being written to disk.
  const [{ buildLobbie }] = await Promise.all([import('./lobbie/build-lobbie.ts'), file]);
  return buildLobbie({ config, file, nowMs: Date.now, version: manifest.version });
});
