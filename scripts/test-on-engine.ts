import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyImages } from './copy-images.ts';
import type { EngineRun } from './engine-runs.ts';
import { startPrivateEngine } from './private-engine.ts';
import { countTests } from './test-counts.mjs';
import { versionOfEngine } from './version-of-engine.ts';

export interface EngineResult {
  /** As reported by the engine, such as `26.1.5+dfsg1`. */
  readonly version: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The output of the smoke script and the tests. */
  readonly logFile: string;
}

const CLONE = dirname(import.meta.dirname);

/**
 * Starts one engine of the matrix, runs the smoke script (which counts as one test) and its tests inside, or only the
 * named files, then ends everything and removes temporary files.
 *
 * @param options.from engine on a unix socket that has the base images
 * @param options.images the base images by variable, as `.env` names them
 */
export async function testOnEngine(
  run: EngineRun,
  options: {
    readonly from: string;
    readonly images: Readonly<Record<string, string>>;
    readonly name: string;
    readonly files: readonly string[];
  },
): Promise<EngineResult> {
  const { config = {}, environment = {}, cgroupV2 = false } = run;
  const results = join(CLONE, '.lobbie', 'engines');
  mkdirSync(results, { recursive: true });
  const [logFile, report] = ['log', 'json'].map((end) => join(results, `${options.name}.${end}`)) as [string, string];
  rmSync(report, { force: true });
  const log = openSync(logFile, 'w');

  const directory = join(tmpdir(), `lobbie-${randomBytes(3).toString('hex')}`);
  await using engine = await startPrivateEngine({
    directory,
    version: run.version,
    config,
    environment,
    cgroupV2,
    wayOut: true,
  });
  await copyImages(options.from, engine.host, Object.values(options.images));
  const temporary = join(directory, 'tmp');
  mkdirSync(temporary);
  const { DOCKER_CONTEXT: _context, ...rest } = process.env;
  const env = {
    ...rest,
    ...options.images,
    DOCKER_HOST: engine.host,
    TMPDIR: temporary,
    LOBBIE_ENGINE_VERSION: run.version,
  };
  const inside = async (argv: readonly string[]): Promise<number> => {
    const [program = '', ...args] = engine.argvInside(['env', `--chdir=${CLONE}`, process.execPath, ...argv]);
    const child = spawn(program, args, { env, stdio: ['ignore', log, log] });
    const [status] = await once(child, 'exit');
    return status ?? 1;
  };

  const version = await versionOfEngine(engine.host);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const { files } = options;
  if (files.length === 0) {
    if ((await inside([join('scripts', 'smoke.ts')])) === 0) counts.passed += 1;
    else counts.failed += 1;
  }
  const tests = files.length > 0 ? files : run.tests;
  if (tests.length > 0) {
    const status = await inside([...VITEST, `--outputFile.json=${report}`, ...tests]);
    const found = countTests(existsSync(report) ? readFileSync(report, 'utf8') : undefined, status);
    counts.passed += found.passed;
    counts.failed += found.failed;
    counts.skipped += found.skipped;
  }
  return { version, logFile, ...counts };
}

const VITEST = [
  join('node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--config=vitest.workspace.ts',
  '--project=promises',
  '--project=long',
  '--no-color',
  '--reporter=default',
  '--reporter=json',
];
