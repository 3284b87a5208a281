import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
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
import { versionOfEngine } from './version-of-engine.ts';

// Runs the smoke script and the promises' tests on engines of other versions and settings. Starts each engine for it:
//
//   pnpm test:engines [--others] [version…] [file…]
//
// With --others, leaves out the engine that equals the machine's own: `npm test` and the smoke script have used that
// one.
// With files, runs only the tests in these. Prints one line per engine, and the last lines of failures; exits with 1 if
// anything failed. Needs Debian or a derivative, and root. Ends with `N passed, N failed, N skipped`.

const LAST_LINES = 150;
/** How many engines to test at the same time: their tests mostly wait. */
const AT_ONCE = 2;
const root = dirname(import.meta.dirname);
const total = { passed: 0, failed: 0, skipped: 0 };

try {
  const { values, positionals: words } = parseArgs({
    allowPositionals: true,
    options: { others: { type: 'boolean' } },
  });
  const files = words.filter((word) => word.includes('.test.ts'));
  const versions = wantedVersions(words.filter((word) => !files.includes(word)));
  const engine = await phase('engine', async () => {
    const value = await ensureEngine(root);
    return { value, outcome: `${value.url} (${value.chosenBy})` };
  });
  if (!engine.plain) throw new SetupError(`Images cannot be copied from ${engine.url}.`, 'Choose a local engine.');
  const own = values.others ? await versionOfEngine(engine.url) : '';
  const runs = ENGINE_RUNS.filter(
    ({ version, settings }) => versions.includes(version) && !(settings === '' && own.startsWith(`${version}.`)),
  );
  await phase('images', async () => {
    const images = await ensureBaseImages(engine.url, root);
    return { value: undefined, outcome: images.sort().join(', ') };
  });
  const images = {
    LOBBIE_DEBIAN_IMAGE: process.env.LOBBIE_DEBIAN_IMAGE ?? OFFICIAL.debian,
    LOBBIE_NODE_IMAGE: process.env.LOBBIE_NODE_IMAGE ?? OFFICIAL.node,
    ...(await readBaseImages()),
  };
  await Promise.all(
    [...new Set(runs.map(({ version }) => version))].map((version) =>
      phase(`root ${version}`, async () => ({ value: undefined, outcome: await ensureEngineRoot(version) })),
    ),
  );
  const left = runs.values();
  const takeTurns = async (): Promise<void> => {
    for (const run of left) await test(run, { from: engine.url, images, files, name: nameOf(run) });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n${error.message}\n${error.nextStep}\n`);
  total.failed += 1;
} finally {
  process.stdout.write(`\n${inWords(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

/** Its number in the matrix. */
function nameOf(run: EngineRun): string {
  return `${ENGINE_RUNS.indexOf(run) + 1}`;
}

function inWords({ passed, failed, skipped }: typeof total): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The versions in the arguments, or all. */
function wantedVersions(words: readonly string[]): EngineVersion[] {
  const known = Object.keys(ENGINE_VERSIONS).filter(isEngineVersion);
  const unknown = words.find((word) => !isEngineVersion(word));
  if (unknown !== undefined) {
    throw new SetupError(
      `There is no test for Docker Engine "${unknown}".`,
      `Use one or more of ${known.join(', ')}, or none to test all.`,
    );
  }
  return words.length === 0 ? known : known.filter((version) => words.includes(version));
}

async function test(run: EngineRun, options: Parameters<typeof testOnEngine>[1]): Promise<void> {
  const settings = run.settings === '' ? '' : ` (${run.settings})`;
  try {
    const { logFile, ...counts } = await phase(`${run.version} [${options.name}]`, async () => {
      const value = await testOnEngine(run, options);
      return { value, outcome: `${value.version}${settings}: ${inWords(value)}` };
    });
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
    if (counts.failed === 0) return;
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
    process.stdout.write(`\nThe end of ${logFile}, of ${run.version}${settings}:\n${lines.join('\n')}\n\n`);
  } catch (error) {
    // The other engines are still tested.
    total.failed += 1;
    const why = error instanceof SetupError ? `${error.message}\n${error.nextStep}` : String(error);
    process.stdout.write(`\nEngine ${run.version}${settings} was not tested: ${why}\n\n`);
  }
}
