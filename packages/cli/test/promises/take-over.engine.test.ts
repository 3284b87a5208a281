import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { findLedger } from '../../src/ledger/find-ledger.ts';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import type { Receipt } from '../../src/model/results.ts';
import { buildCommand } from '../cli/build-command.ts';
import { lastJson, type Run, runLobbie } from '../cli/run-lobbie.ts';
import { type TestPlace, testPlace } from '../cli/test-place.ts';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';

/** lobbie's own API, with its history beside the Compose file. */
const composeFile = (demo: string, extra = ''): string => `
services:
  api:
    build: { context: "${demo}", dockerfile: Dockerfile.api, args: { NODE_IMAGE: "\${LOBBIE_NODE_IMAGE:-${BASE_IMAGES.node}}", BUNDLE: prebuilt } }
    ports: ["0:3000"]
    volumes: ["./history:/history"]
    user: "1000:1000"
    deploy: { replicas: 2, update_config: { order: start-first } }
    x-lobbie: { report: /file }
${extra}
x-lobbie: { history: ./history }
`;

interface Clone {
  readonly path: string;
  readonly history: string;
  lobbie(command: string): Promise<Run>;
  receipt(command: string): Promise<Receipt>;
}

/** A clone of the same project, in a directory of its own. */
async function clone(place: TestPlace, name: string): Promise<Clone> {
  const path = join(dirname(place.path), name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'compose.yaml'), composeFile(join(dirname(await buildCommand()), 'demo')));
  const lobbie = (command: string) => runLobbie([...command.split(' '), '-p', place.project], { cwd: path });
  return {
    path,
    history: join(path, 'history'),
    lobbie,
    // The cast: the last line of a rollout is its receipt, as the contract of `--json` says.
    receipt: async (command) => lastJson(await lobbie(`${command} --json`)) as unknown as Receipt,
  };
}

const entriesOf = (history: string) =>
  Object.fromEntries(
    readdirSync(history)
      .filter((name) => name.startsWith('include-me-'))
      .map((name) => {
        const { uid, gid, mode, mtimeMs } = statSync(join(history, name));
        return [name, { uid, gid, mode, mtimeMs, text: readFileSync(join(history, name), 'utf8') }];
      }),
  );

describeEngine('a project that was deployed from another directory', (engine) => {
  it.runIf(engine.endpoint.local)(
    'is taken over only when asked to, and its history moves only when told to',
    async () => {
      await using place = testPlace(engine);
      const [first, second] = [await clone(place, 'here'), await clone(place, 'there')];
      const before = await first.receipt('deploy');
      expect(before).toMatchObject({ outcome: 'deployed' });
      const sentence = `Project ${place.project} was last deployed from ${first.path} on ${hostname()}; this is ${second.path} on ${hostname()}.`;
      const containers = await place.containers('replica');

      const refused = await second.lobbie('deploy --json');
      expect(refused.exit).toBe(3);
      expect(lastJson(refused)).toMatchObject({
        type: 'error',
        code: 'OTHER_ORIGIN',
        message: sentence,
        hint: expect.stringContaining('lobbie deploy --take-over --move-history'),
        exit: 3,
      });
      const plan = await second.lobbie('deploy --dry-run');
      expect(plan.exit).toBe(0);
      expect(plan.stdout.split('\n')[0]).toBe(sentence);
      for (const option of ['--take-over', '--yes', '-y']) {
        const run = await second.lobbie(`deploy ${option} --json`);
        expect(lastJson(run)).toMatchObject({ code: 'HISTORY_MOVED', exit: 3 });
      }
      expect(await place.containers('replica')).toEqual(containers);
      expect(existsSync(second.history)).toBe(false);

      // Times are what /files goes by: one that is older than all others stays so.
      const entries = entriesOf(first.history);
      expect(Object.keys(entries)).toHaveLength(2);
      const [oldest = ''] = Object.keys(entries);
      utimesSync(
        join(first.history, oldest),
        new Date('2020-01-01T00:00:00.123Z'),
        new Date('2020-01-01T00:00:00.123Z'),
      );
      const moved = entriesOf(first.history);
      writeFileSync(join(first.history, 'notes.txt'), 'not of lobbie');

      const load = await startLoad({ url: `${before.url[0]}/file`, keepAlive: 4, fresh: 2 });
      const after = await second.receipt('deploy --take-over --move-history');
      expect(await load.stop()).toMatchObject({ failed: 0 });
      expect(after).toMatchObject({ outcome: 'deployed', warnings: [] });
      expect(entriesOf(second.history)).toMatchObject(moved);
      expect(Object.keys(entriesOf(second.history))).toHaveLength(4);
      expect(readdirSync(first.history)).toEqual(['notes.txt']);
      expect(readdirSync(second.history).filter((name) => name.startsWith('.'))).toEqual([]);
      const { files } = (await (await fetch(`${after.url[0]}/files`)).json()) as { files: string[] };
      expect(files[0]).toBe(oldest);
      expect(files).toEqual(expect.arrayContaining(Object.keys(moved)));

      // It is this place's from now on, and the flags change nothing.
      expect(await second.receipt('deploy')).toMatchObject({ outcome: 'unchanged' });
      expect(await second.receipt('deploy --take-over --move-history')).toMatchObject({ outcome: 'unchanged' });
      // What works on what is deployed does so from anywhere, and leaves the place as it is.
      expect(await first.receipt('recreate')).toMatchObject({ outcome: 'deployed' });
      expect(await first.receipt('scale api=1')).toMatchObject({ outcome: 'deployed' });
      const { ledger } = await findLedger(engine, place.project);
      expect(ledger.state.current?.origin).toEqual({ host: hostname(), directory: second.path });
    },
  );

  it.runIf(engine.endpoint.local)(
    'keeps its history where two entries of a name differ, and loses neither',
    async () => {
      await using place = testPlace(engine);
      const [first, second] = [await clone(place, 'here'), await clone(place, 'there')];
      await first.receipt('deploy');
      const entries = entriesOf(first.history);
      const [name = ''] = Object.keys(entries);
      mkdirSync(second.history);
      cpSync(first.history, second.history, { recursive: true });
      chownSync(second.history, 1000, 1000);
      writeFileSync(join(second.history, name), 'another');
      const failed = await second.receipt('deploy --take-over --move-history');
      expect(failed).toMatchObject({ outcome: 'failed-restored', error: { code: 'HISTORY_CLASH' } });
      expect(failed.error?.message).toContain(name);
      expect(entriesOf(first.history)).toMatchObject(entries);
      expect(readFileSync(join(second.history, name), 'utf8')).toBe('another');
      expect(await first.receipt('deploy')).toMatchObject({ outcome: 'unchanged' });

      // One that is there already and the same is no clash.
      writeFileSync(join(second.history, name), readFileSync(join(first.history, name)));
      expect(await second.receipt('deploy --take-over --move-history')).toMatchObject({ outcome: 'deployed' });
      expect(Object.keys(entriesOf(second.history))).toEqual(expect.arrayContaining(Object.keys(entries)));
      expect(existsSync(first.history)).toBe(false);
    },
  );

  it.runIf(engine.endpoint.local)('may have been moved with its history in it', async () => {
    await using place = testPlace(engine);
    const first = await clone(place, 'here');
    await first.receipt('deploy');
    const entries = Object.keys(entriesOf(first.history));
    const second = await clone(place, 'parent/there');
    renameSync(first.history, second.history);
    const run = await second.receipt('deploy --yes --move-history');
    expect(run).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(Object.keys(entriesOf(second.history))).toEqual(expect.arrayContaining(entries));
    expect(await second.lobbie('history --json').then(lastJson)).toMatchObject({
      containers: expect.arrayContaining(entries.map((file) => expect.objectContaining({ file }))),
    });
  });

  it.runIf(engine.endpoint.local)('is the same by another path, and nothing of its history is lost', async () => {
    await using place = testPlace(engine);
    const first = await clone(place, 'here');
    await first.receipt('deploy');
    const entries = entriesOf(first.history);
    const link = join(dirname(first.path), 'link');
    symlinkSync(first.path, link);
    expect(await first.receipt(`deploy -f ${join(link, 'compose.yaml')}`)).toMatchObject({ warnings: [] });
    expect(entriesOf(first.history)).toMatchObject(entries);
  });

  it('asks nothing where nothing changes but the place, once it was agreed to', async () => {
    await using place = testPlace(engine);
    const image = process.env.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node;
    const file = `services: { web: { image: "${image}", command: [node, -e, "setInterval(() => {}, 1000)"], init: true } }`;
    const [first, second] = [await clone(place, 'here'), await clone(place, 'there')];
    for (const { path } of [first, second]) writeFileSync(join(path, 'compose.yaml'), file);
    await first.receipt('deploy');
    expect(lastJson(await second.lobbie('deploy --json'))).toMatchObject({ code: 'OTHER_ORIGIN' });
    const taken = await second.receipt('deploy --take-over');
    expect(taken).toMatchObject({ outcome: 'unchanged' });
    expect(await second.receipt('deploy')).toMatchObject({ outcome: 'unchanged', release: taken.release });
    expect(lastJson(await first.lobbie('deploy --json'))).toMatchObject({ code: 'OTHER_ORIGIN' });
  });
});
