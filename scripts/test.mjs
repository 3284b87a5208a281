import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { main, ROOT, run, toolEnvironment } from './run-node.mjs';
import { countTests } from './test-counts.mjs';

/** The tests of `npm test`: those of vitest.workspace.ts without the long ones. */
const QUICK = ['--project', 'unit', '--project', 'promises'];

/**
 * `npm test`: unit tests and one engine test of each promise, from a fresh clone. `pnpm test:long` passes `--project long`.
 * Other arguments are passed to vitest; a file that they name runs whatever its project is. Without an engine, the engine
 * tests are skipped and say why, which is a failure if `CI` is set. The last line is `N passed, N failed, N skipped`.
 */
await main(async () => {
  const node = await prepare().catch((error) => {
    process.once('exit', () => process.stdout.write('\n0 passed, 1 failed, 0 skipped\n'));
    throw error;
  });
  const setup = await run(node, [join('scripts', 'setup.ts')], { show: true });
  const noEngine = setup.status === 0 ? undefined : reason(setup.output);
  process.stderr.write('\n');

  const report = join(ROOT, '.lobbie', 'test-report.json');
  mkdirSync(join(ROOT, '.lobbie'), { recursive: true });
  rmSync(report, { force: true });
  const vitest = await run(node, vitestArguments(report), {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...baseImages(), ...toolEnvironment(), ...(noEngine ? { LOBBIE_ENGINE_SKIP: noEngine } : {}) },
  });

  const counts = countTests(existsSync(report) ? readFileSync(report, 'utf8') : undefined, vitest.status);
  if (noEngine) {
    process.stdout.write(`\nThe engine tests were skipped: ${noEngine}\n`);
    // In CI, a run without an engine would prove nothing.
    if (isCi()) counts.failed += 1;
  }
  if (counts.passed + counts.failed === 0) process.stdout.write('\nNo test was executed.\n');
  process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0 && counts.passed > 0 && vitest.status === 0 ? 0 : vitest.status || 1;
});

function vitestArguments(report) {
  const progress = `--reporter=${join(ROOT, 'scripts', 'progress-reporter.ts')}`;
  const reporters = ['--reporter=default', progress, '--reporter=json', `--outputFile.json=${report}`];
  const entry = join('node_modules', 'vitest', 'vitest.mjs');
  const argv = process.argv.slice(2);
  // A word that is not an option's value names files, which can be of any project.
  const chosen = argv.some(
    (word, at) => word === '--project' || (!word.startsWith('-') && !/^--?\w+$/.test(argv[at - 1] ?? '')),
  );
  return [entry, 'run', '--config', 'vitest.workspace.ts', ...reporters, ...(chosen ? [] : QUICK), ...argv];
}

/** The images in `.env`, for tests that build images. */
function baseImages() {
  const path = join(ROOT, '.env');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split(/\r?\n/) : [];
  const pairs = lines
    .map((line) => /^(LOBBIE_(?:NODE|DEBIAN)_IMAGE)=(.*)$/.exec(line))
    .filter((match) => match !== null);
  return Object.fromEntries(pairs.map(([, key, value]) => [key, value]));
}

function isCi() {
  return Boolean(process.env.CI) && process.env.CI !== 'false' && process.env.CI !== '0';
}

/** The error of a failed set-up, without the phases before it. */
function reason(output) {
  const last = output.trim().split('\n\n').at(-1) ?? '';
  const lines = last.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ') || 'the set-up failed';
}
