import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Receipt } from '../packages/cli/src/model/results.ts';
import { startLoad } from '../packages/cli/test/load.ts';
import { fuzzApi } from './fuzz-api.ts';
import { readBaseImages } from './read-base-images.ts';
import { readConsole } from './read-console.ts';
import { startWriting } from './write-tasks.ts';

// Deploys each example as its README describes, runs the README's commands word for word, sends hostile requests,
// replaces it under load without losing a request, and takes it down.

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOBBIE = join(ROOT, 'node_modules', '.bin', 'lobbie');
const EXAMPLES = [
  { name: 'file-share', service: 'file-share', path: '/download', rolls: [], env: {} },
  { name: 'mini-api', service: 'mini-api', path: '/health', rolls: [], env: { API_KEY: 'change-me' } },
  { name: 'things', service: 'things', path: '/things', rolls: [], env: {} },
  // Not its database: while that is replaced, the others answer 503.
  { name: 'tasks', service: 'nginx', path: '/tasks', rolls: ['app', 'nginx'], env: {} },
] as const;

const FUZZ_REQUESTS = 3000;

let passed = 0;
const wanted = process.argv.slice(2);
for (const example of EXAMPLES) {
  if (wanted.length > 0 && !wanted.includes(example.name)) continue;
  await tryExample(example);
}
console.log(`${passed} passed, 0 failed`);

async function tryExample({ name, service, path, rolls, env }: (typeof EXAMPLES)[number]): Promise<void> {
  const directory = join(ROOT, 'examples', name);
  const run = { cwd: directory, env: { ...process.env, ...(await readBaseImages()), ...env } };
  try {
    const deployed = await lobbie(['deploy'], run);
    strictEqual(deployed.outcome, 'deployed');
    const published = deployed.published.find((one) => one.service === service);
    ok(published, `${name}: ${service} is published`);
    // The URL has no scheme if the protocol is not detected yet.
    const url = new URL(path, published.url.replace(/^(?!\w+:\/\/)/, 'http://')).href;
    check(`${name}: deploys`);

    for (const { command, output } of readConsole(await readFile(join(directory, 'README.md'), 'utf8'))) {
      const { stdout } = await promisify(execFile)('bash', ['-c', command], run);
      strictEqual(stdout.trimEnd(), output, `${name}: ${command}`);
    }
    check(`${name}: does what its README says`);

    const headers = 'API_KEY' in env ? { 'x-api-key': env.API_KEY } : {};
    const wrong = await fuzzApi(new URL(url).origin, { requests: FUZZ_REQUESTS, headers, seed: 1 });
    strictEqual(wrong.length, 0, `${name}: ${wrong.slice(0, 5).join('\n')}`);
    check(`${name}: answers ${FUZZ_REQUESTS} hostile requests in order`);

    strictEqual((await lobbie(['deploy'], run)).outcome, 'unchanged');
    const load = await startLoad({ url, keepAlive: 8, fresh: 4, connectionClose: 4, pauseMs: 20 });
    const recreated = await lobbie(['recreate', ...rolls], run);
    const { total, failed, failures } = await load.stop();
    strictEqual(recreated.outcome, 'deployed');
    strictEqual(failed, 0, JSON.stringify(failures));
    check(`${name}: rolls under load, ${total} requests, 0 failed, in ${recreated.seconds.total.toFixed(1)} s`);

    if (name === 'tasks') {
      const writing = startWriting(new URL(url).origin);
      strictEqual((await lobbie(['recreate', ...rolls], run)).outcome, 'deployed');
      const { written, refused, lost, twice } = await writing.stop();
      deepStrictEqual({ refused, lost, twice }, { refused: [], lost: [], twice: [] });
      ok(written > 50, `${written} tasks were written`);
      check(`${name}: rolls under ${written} writes, each of them there once`);
    }
  } finally {
    await promisify(execFile)(LOBBIE, ['down', '--volumes', '--history', '--yes'], run);
  }
}

interface Run {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs the command and returns its receipt, the last line of its JSON. */
async function lobbie(argv: readonly string[], run: Run): Promise<Receipt> {
  if (!existsSync(LOBBIE)) throw new Error('The command is not built: run `npm start` first.');
  const { stdout } = await promisify(execFile)(LOBBIE, [...argv, '--json'], run);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Receipt;
}

function check(what: string): void {
  passed += 1;
  console.log(`ok  ${what}`);
}
