import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../cli/temporary-directory.ts';

const BUNDLER = fileURLToPath(new URL('../../../../node_modules/.bin/rolldown', import.meta.url));

/** The server of all peers as one file that needs nothing but Node. */
export async function bundleServer(): Promise<Buffer> {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'server.cjs');
  const entry = join(import.meta.dirname, 'server.ts');
  await promisify(execFile)(BUNDLER, [entry, '--format', 'cjs', '--platform', 'node', '--file', file]);
  return await readFile(file);
}
