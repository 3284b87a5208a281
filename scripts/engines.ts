import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BASE_IMAGES as OFFICIAL } from '../packages/cli/src/model/base-images.ts';
import { ensureBaseImages } from './base-images.ts';
import { ensureEngine } from './engine.ts';
import { ensureEngineRoot } from './engine-root.ts';
import { ENGINE_RUNS, type EngineRun } from './engine-runs.ts';
import { ENGINE_VERSIONS, type EngineVersion, isEngineVersion } from './engine-versions.ts';
import { phase } from './phase.ts';
import { readBaseImages } from './read-base-images.ts';
import { SetupError } from './setup-error.ts';
import { testOnEngine } from './test-on-engine.ts';

// Runs the smoke script and the promises' tests on engines of other versions and settings, each started for it:
//
//   pnpm test:engines [version…] [file…]
//
// With files, only the tests in these. Tells one line an engine, and the last lines of what failed; exits 1 if anything
// did. Needs Debian or a relative, and root. Ends with `N passed, N failed, N skipped`.

const LAST_LINES = 150;
const root = dirname(import.meta.dirname);
const total = { passed: 0, failed: 0, skipped: 0 };

try {
  const words = process.argv.slice(2);
  const files = words.filter((word) => word.includes('.test.ts'));
  const versions = wantedVersions(words.filter((word) => !files.includes(word)));
  const runs = ENGINE_RUNS.filter(({ version }) => versions.includes(version));
  const engine = await phase('engine', async () => {
    const value = await ensureEngine(root);
    return { value, outcome: `${value.url} (${value.chosenBy})` };
  });
  if (!engine.plain) throw new SetupError(`Images cannot be copied from ${engine.url}.`, 'Choose a local engine.');
  await phase('images', async () => {
    const images = await ensureBaseImages(engine.url, root);
    return { value: undefined, outcome: images.sort().join(', ') };
  });
  const images = {
    LOBBIE_DEBIAN_IMAGE: process.env.LOBBIE_DEBIAN_IMAGE ?? OFFICIAL.debian,
    LOBBIE_NODE_IMAGE: process.env.LOBBIE_NODE_IMAGE ?? OFFICIAL.node,
    ...(await readBaseImages()),
  };
  for (const version of versions) {
    await phase(`root ${version}`, async () => ({ value: undefined, outcome: await ensureEngineRoot(version) }));
  }
  for (const run of runs) {
    await test(run, { from: engine.url, images, files, name: `${ENGINE_RUNS.indexOf(run) + 1}` });
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n${error.message}\n${error.nextStep}\n`);
  total.failed += 1;
} finally {
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

/** The versions that the arguments name, or all. */
function wantedVersions(words: readonly string[]): EngineVersion[] {
  const known = Object.keys(ENGINE_VERSIONS).filter(isEngineVersion);
  const unknown = words.find((word) => !isEngineVersion(word));
  if (unknown !== undefined) {
    throw new SetupError(
      `No Docker Engine "${unknown}" is tested.`,
      `Name some of ${known.join(', ')}, or none for all of them.`,
    );
  }
  return words.length === 0 ? known : known.filter((version) => words.includes(version));
}

async function test(run: EngineRun, options: Parameters<typeof testOnEngine>[1]): Promise<void> {
  const what = run.settings === '' ? run.version : `${run.version}, ${run.settings}`;
  const result = await phase(`test ${run.version}`, async () => {
    const value = await testOnEngine(run, options);
    const { version, passed, failed, skipped } = value;
    const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
    const settings = run.settings === '' ? '' : ` (${run.settings})`;
    return { value, outcome: `${version}${settings}: ${counts}` };
  });
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped += result.skipped;
  if (result.failed === 0) return;
  const lines = readFileSync(result.logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
  process.stdout.write(`\nThe end of ${result.logFile}, of ${what}:\n${lines.join('\n')}\n\n`);
}
