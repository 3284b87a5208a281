import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { commonEnv } from '../cli/run-lobbie.ts';
import { temporaryDirectory } from '../cli/temporary-directory.ts';
import { describeEngine } from '../engine-available.ts';
import { webUrl } from '../web-url.ts';
import { oldestNode, oldestNodeVersion } from './oldest-node.ts';
import { installPacked } from './packed-command.ts';
import { smallProject } from './small-project.ts';

const run = promisify(execFile);

describeEngine('the package, installed by npm, on the oldest Node that it names', (engine) => {
  let path = '';
  let home: ReturnType<typeof temporaryDirectory>;
  beforeAll(async () => {
    home = temporaryDirectory();
    const [node, bin] = await Promise.all([oldestNode(), installPacked(home.path)]);
    path = `${bin}:${node}:/usr/bin:/bin`;
    return () => home[Symbol.dispose]();
  });
  const lobbie = async (argv: string[], cwd: string) =>
    (await run('lobbie', argv, { cwd, env: { ...commonEnv(home.path), PATH: path } })).stdout;

  it('runs on that Node', async () => {
    const { stdout } = await run('node', ['--version'], { env: { PATH: path } });
    expect(stdout.trim()).toBe(`v${oldestNodeVersion()}`);
  });

  it('says its version and help', async () => {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    expect(await lobbie(['--version'], home.path)).toBe(`${manifest.version}\n`);
    expect(await lobbie(['--help'], home.path)).toMatch(/^Usage: lobbie \[options\] \[command\]\n/);
  });

  it('reads, deploys, shows and takes down a project', async () => {
    await using place = smallProject(engine);
    expect(await lobbie(['config', '--services'], place.path)).toBe('web\n');
    const receipt = JSON.parse((await lobbie(['deploy', '--json'], place.path)).trimEnd().split('\n').at(-1) ?? '');
    expect(receipt).toMatchObject({ type: 'receipt', outcome: 'deployed', project: place.project });
    expect(await (await fetch(webUrl(receipt.url[0]))).text()).toBe('hello');
    expect(await lobbie(['recreate', '--json'], place.path)).toContain('"outcome":"deployed"');
    expect(await lobbie(['status'], place.path)).toMatch(/web-1 +running/);
    expect(await lobbie(['history'], place.path)).toContain(`${place.project}-web-1-`);
    await lobbie(['logs', '--tail', '1'], place.path);
    await lobbie(['down', '--volumes', '--history', '--yes'], place.path);
    expect(await engine.listContainers({ 'dev.lobbie.project': place.project })).toEqual([]);
  });
});
