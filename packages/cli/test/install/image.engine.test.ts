import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lastJson, type Run } from '../cli/run-lobbie.ts';
import { describeEngine } from '../engine-available.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';
import { webUrl } from '../web-url.ts';
import { packCommand } from './packed-command.ts';
import { smallProject } from './small-project.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

describeEngine('the image of Dockerfile.cli, run beside the engine', (engine) => {
  const tag = randomBytes(4).toString('hex');
  const image = `t-lobbie:${tag}`;
  const never = new AbortController().signal;
  beforeAll(async () => {
    await packCommand(join(ROOT, '.lobbie/pack/lobbie.tgz'));
    const args = { NODE_IMAGE, BUNDLE: 'prebuilt' };
    const build = { context: ROOT, dockerfile: 'Dockerfile.cli', args, tags: [image] };
    await engine.buildImage(build, () => undefined, never);
  });
  afterAll(() => engine.removeImage(image));

  /** What the line of the README does: `docker run --rm -v <socket> -v "$PWD:$PWD" -w "$PWD" lobbie …`. */
  const lobbie = async (command: string, binds: Readonly<Record<string, string>>, workingDir = '/'): Promise<Run> => {
    const debian = process.env.LOBBIE_DEBIAN_IMAGE;
    const name = `t-lobbie-${tag}-${randomBytes(4).toString('hex')}`;
    await engine.createContainer({
      name,
      image,
      labels: {},
      command: command.split(' '),
      environment: debian ? { LOBBIE_DEBIAN_IMAGE: debian } : {},
      workingDir,
      mounts: Object.entries(binds).map(([source, target]) => ({ kind: 'bind', source, target, readOnly: false })),
      networks: [{ name: 'bridge', aliases: [] }],
    });
    try {
      await engine.startContainer(name);
      const exit = await engine.waitContainer(name, never);
      const lines = { stdout: '', stderr: '' };
      for await (const { stream, text } of engine.logs(name, {})) lines[stream] += `${text}\n`;
      return { exit, ...lines };
    } finally {
      await engine.removeContainer(name, { force: true });
    }
  };

  const socket = /^unix:\/\/(\/.*)$/.exec(engine.endpoint.url)?.[1];
  it.runIf(socket !== undefined)('deploys, shows and takes down a project of the host', async () => {
    await using place = smallProject(engine);
    const here = (command: string) =>
      lobbie(command, { [socket ?? '']: '/var/run/docker.sock', [place.path]: place.path }, place.path);

    const deployed = await here('deploy --json');
    expect(deployed, deployed.stderr).toMatchObject({ exit: 0 });
    const receipt = lastJson(deployed);
    expect(receipt).toMatchObject({ outcome: 'deployed', project: place.project });
    expect(await (await fetch(webUrl(String(receipt.url).split(',')[0]))).text()).toBe('hello');
    expect(lastJson(await here('deploy --json'))).toMatchObject({ outcome: 'unchanged' });
    expect(lastJson(await here('status --json'))).toMatchObject({
      replicas: [{ replica: 'web-1', state: 'running', memoryBytes: expect.any(Number) }],
    });
    expect(lastJson(await here('recreate --json'))).toMatchObject({ outcome: 'deployed' });
    expect(await here('down --volumes --history --yes')).toMatchObject({ exit: 0 });
    expect(await engine.listContainers({ 'dev.lobbie.project': place.project })).toEqual([]);
  });

  it('names the socket that is missing where none is mounted', async () => {
    const { exit, stderr } = await lobbie('history -p none', {});
    expect(exit).toBe(4);
    expect(stderr).toContain('unix:///var/run/docker.sock');
  });
});
