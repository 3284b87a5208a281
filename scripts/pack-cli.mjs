import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FirstRunError, lastLines, ROOT, run } from './run-node.mjs';

/**
 * Packs the command as npm publishes it, freshly built.
 *
 * @param {string} file path of the package to write, such as `lobbie.tgz`
 * @throws FirstRunError
 */
export async function packCli(file) {
  mkdirSync(dirname(file), { recursive: true });
  const directory = mkdtempSync(join(dirname(file), '.pack-'));
  try {
    const { status, output } = await run('npm', ['pack', '--json', '--pack-destination', directory], {
      cwd: join(ROOT, 'packages', 'cli'),
    });
    if (status !== 0)
      throw new FirstRunError(`Packing packages/cli failed:\n${lastLines(output)}`, 'Fix this, then run it again.');
    const [, name] = /"filename":\s*"([^"]+)"/.exec(output) ?? [];
    if (name === undefined) throw new FirstRunError(`npm pack names no file:\n${lastLines(output)}`, 'Update npm.');
    renameSync(join(directory, name), file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
