import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HistoryResult, Receipt, StatusResult } from '../packages/cli/src/model/results.ts';
import { freePort } from '../packages/cli/test/free-port.ts';
import { startLoad } from '../packages/cli/test/load.ts';
import { readBaseImages } from './read-base-images.ts';

// The first user's steps, with the command alone: deploy, look, recreate under load, look again, take down.

const LOBBIE = fileURLToPath(new URL('../node_modules/.bin/lobbie', import.meta.url));
const REPLICAS = 3;
const directory = await mkdtemp(join(tmpdir(), 'lobbie-smoke-'));
const project = `smoke-${process.pid}`;
const port = await freePort();
let passed = 0;

try {
  const deployed = await lobbie<Receipt>('deploy', '--demo', '--replicas', String(REPLICAS));
  check('deploys', () => strictEqual(deployed.outcome, 'deployed'));
  const before = await askEach();
  check('each replica has a file of its own', () =>
    strictEqual(new Set(before.map(({ file }) => file)).size, REPLICAS),
  );
  check('the receipt names them', () =>
    deepStrictEqual(sorted(deployed.replicas.map(({ file }) => file)), sorted(before.map(({ file }) => file))),
  );
  check('each lists the files of the others', () => {
    for (const { file, files } of before)
      deepStrictEqual(sorted(files), sorted(before.map((one) => one.file).filter((one) => one !== file)));
  });
  const again = await lobbie<Receipt>('deploy', '--demo');
  check('a second deploy finds nothing to do', () => strictEqual(again.outcome, 'unchanged'));

  const load = await startLoad({ url: `http://localhost:${port}/file`, keepAlive: 16, fresh: 8, connectionClose: 8 });
  const recreated = await lobbie<Receipt>('recreate');
  const { total, failed, failures } = await load.stop();
  check(`recreates under load: ${total} requests, ${failed} failed, in ${recreated.seconds.total.toFixed(1)} s`, () => {
    strictEqual(recreated.outcome, 'deployed');
    strictEqual(failed, 0, JSON.stringify(failures));
    ok(total > 0);
  });
  const after = await askEach();
  check('each file is new', () => ok(after.every(({ file }) => !before.some((old) => old.file === file))));
  check('each old file is listed by each replica', () =>
    ok(after.every(({ files }) => before.every(({ file }) => files.includes(file)))),
  );
  const { containers } = await lobbie<HistoryResult>('history');
  check('the history has every container, oldest first', () => {
    deepStrictEqual(sorted(containers.map(({ file }) => file)), sorted([...before, ...after].map(({ file }) => file)));
    deepStrictEqual(
      containers.map(({ running }) => running),
      [...before.map(() => false), ...after.map(() => true)],
    );
  });
} finally {
  await lobbie('down', '--history', '--yes');
}
const { containers } = await lobbie<HistoryResult>('history');
check('takes everything down', () => deepStrictEqual(containers, []));
await rm(directory, { recursive: true, force: true });
console.log(`${passed} passed, 0 failed`);

/** Runs the command and returns the result, the last line of its JSON. */
async function lobbie<T>(command: string, ...args: string[]): Promise<T> {
  const env = { ...process.env, LOBBIE_PORT: String(port), ...(await readBaseImages()) };
  const { stdout } = await promisify(execFile)(LOBBIE, [command, '-p', project, '--json', ...args], {
    cwd: directory,
    env,
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T;
}

/** The answers of each replica, requested one by one without the ingress. */
async function askEach(): Promise<{ file: string; files: string[] }[]> {
  const { replicas } = await lobbie<StatusResult>('status');
  const addresses = replicas.map(({ address }) => `http://${address}:3000`);
  return Promise.all(
    addresses.map(async (address) => ({
      ...(await getJson<{ file: string }>(`${address}/file`)),
      ...(await getJson<{ files: string[] }>(`${address}/files`)),
    })),
  );
}

async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

function check(what: string, assertion: () => void): void {
  assertion();
  passed += 1;
  console.log(`ok  ${what}`);
}

function sorted(files: readonly (string | null | undefined)[]): string[] {
  return files.map(String).toSorted();
}
