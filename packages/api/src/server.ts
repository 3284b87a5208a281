import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import manifest from '../package.json' with { type: 'json' };
import { claimFile } from './lobbie/claim-file.ts';
import { containerIdOf } from './lobbie/container-id.ts';
import { makeFileName } from './lobbie/file-name.ts';
import { DirectoryError } from './lobbie/history-error.ts';
import { lobbieShape } from './lobbie/lobbie-config.ts';
import { ConfigError, parseConfig } from './service/parse-config.ts';

try {
  const config = parseConfig(lobbieShape, process.env);
  const file = claimFile({
    historyDirectory: config.HISTORY_DIR,
    fileDirectory: config.FILE_DIR,
    container: containerIdOf(await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')),
    host: hostname(),
    makeName: makeFileName,
    now: () => new Date(),
  });
  // Loaded while the file is on its way to the disk.
  const [{ buildLobbie }, { serve }] = await Promise.all([
    import('./lobbie/build-lobbie.ts'),
    import('./service/serve.ts'),
    file,
  ]);
  const service = await buildLobbie({ config, file, nowMs: Date.now, version: manifest.version });
  const serving = await serve(service, {
    host: config.HOST,
    port: config.PORT,
    signals: process,
    shutdownTimeoutMs: config.SHUTDOWN_TIMEOUT_MS,
  });
  await serving.stopped;
  process.exit(0);
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof DirectoryError || isListenError(error);
  console.error(expected ? error.message : error);
  process.exit(1);
}

function isListenError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'bind');
}
