import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { down } from '../../src/commands/down.ts';
import { history } from '../../src/commands/history.ts';
import { logs } from '../../src/commands/logs.ts';
import { recreate } from '../../src/commands/recreate.ts';
import { scale } from '../../src/commands/scale.ts';
import { status } from '../../src/commands/status.ts';
import { LEDGER } from '../../src/ledger/keeper.ts';
import type { Engine } from '../../src/model/engine.ts';
import { keeperName, LABEL, leaseName, ledgerVolumeName } from '../../src/model/names.ts';
import type { Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { askEngine } from './ask-engine.ts';
import { commandContext } from './command-context.ts';
import { lightProject } from './light-project.ts';
import { type ForeignImage, foreignImage } from './posing-image.ts';

const ROLES = ['keeper', 'ingress', 'replica', 'lease', 'errand'];

describeEngine('a container that only inherits labels of lobbie from its image', (engine) => {
  it('is named, and neither read, run, changed nor removed, whatever its role and whatever the command', async () => {
    await using context = testContext(engine);
    await using posers = await posersOf(engine, context.project);
    const before = await posers.look();
    const port = await freePort();
    const command = commandContext(context);
    const posing = posers.names.map((name) => expect.stringContaining(`Container ${name} has lobbie's labels`));
    const expectUntouched = async (words: readonly string[]): Promise<void> => {
      expect(words).toEqual(expect.arrayContaining(posing));
      expect(await posers.look()).toEqual(before);
    };

    expect(await down(command, { history: false, volumes: false, yes: true })).toMatchObject({
      outcome: 'not-deployed',
    });
    await expectUntouched(warned(context));
    expect(await deploy(context, port, '1')).toMatchObject({ outcome: 'deployed', warnings: [] });
    await expectUntouched(warned(context));
    expect(await deploy(context, port, '1')).toMatchObject({ outcome: 'unchanged' });
    await expectUntouched(warned(context));
    const seen = await status(command);
    await expectUntouched(seen.warnings);
    expect(seen.replicas.map(({ replica }) => replica)).toEqual(['api-1', 'api-2']);
    expect(seen.warnings).toHaveLength(posers.names.length);
    const ran = await history(command, undefined);
    await expectUntouched(warned(context));
    expect(ran.containers).toHaveLength(2);
    const lines: string[] = [];
    await logs(command, { services: [], follow: false }, ({ replica }) => void lines.push(replica));
    await expectUntouched(warned(context));
    expect(lines.filter((replica) => !['api-1', 'api-2'].includes(replica))).toEqual([]);
    expect(await recreate(command, [], false)).toMatchObject({ outcome: 'deployed', warnings: [] });
    await expectUntouched(warned(context));
    expect(await scale(command, new Map([['api', 3]]), false)).toMatchObject({ outcome: 'deployed', warnings: [] });
    await expectUntouched(warned(context));
    const removed = await down(command, { history: true, volumes: true, yes: true });
    await expectUntouched(warned(context));
    expect(removed.outcome).toBe('down');
    expect(removed.removed.filter((what) => posers.names.some((name) => what.endsWith(name)))).toEqual([]);
    await expect(access(context.history)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await engine.inspectVolume(ledgerVolumeName(context.project))).toBeUndefined();
  });

  it.each([
    { state: 'created', start: false },
    { state: 'running', start: true },
  ])('is not handed the ledger under the name of the keeper, $state', async ({ start }) => {
    await using context = testContext(engine);
    await using image = await foreignImage(engine, labelsOf(context.project, 'keeper'));
    const name = keeperName(context.project);
    const id = await image.container(name, start);
    const refused = { code: 'NAME_TAKEN', message: expect.stringContaining(`Container ${name} (${id.slice(0, 12)})`) };
    const command = commandContext(context);
    await expect(deploy(context, await freePort(), '1')).rejects.toMatchObject(refused);
    await expect(status(command)).rejects.toMatchObject(refused);
    await expect(recreate(command, [], false)).rejects.toMatchObject(refused);
    await expect(history(command, undefined)).rejects.toMatchObject(refused);
    // Never deployed: there is nothing to take down.
    const all = { history: true, volumes: true, yes: true };
    expect(await down(command, all)).toMatchObject({ outcome: 'not-deployed', removed: [] });
    expect(warned(context)).toContainEqual(expect.stringContaining(`Container ${name} has lobbie's labels`));
    expect(await everything(engine, id, LEDGER)).toEqual([]);
    expect(await engine.inspectContainer(id)).toMatchObject({ id, name, state: start ? 'running' : 'created' });
    await engine.removeContainer(id, { force: true });
  });

  it('is no keeper although it mounts the ledger where the keeper does', async () => {
    await using context = testContext(engine);
    await deploy(context, await freePort(), '1');
    const name = keeperName(context.project);
    await engine.removeContainer(name, { force: true });
    await using image = await foreignImage(engine, labelsOf(context.project, 'keeper'));
    const volume = ledgerVolumeName(context.project);
    const mounts = [{ kind: 'volume', source: volume, target: LEDGER, readOnly: false }] as const;
    const id = await image.container(name, false, { mounts });
    const refused = { code: 'NAME_TAKEN', message: expect.stringContaining(`its image ${image.image} is not empty`) };
    const command = commandContext(context);
    await expect(deploy(context, 0, '2')).rejects.toMatchObject(refused);
    await expect(scale(command, new Map([['api', 1]]), false)).rejects.toMatchObject(refused);
    await expect(down(command, { history: true, volumes: true, yes: true })).rejects.toMatchObject(refused);
    await engine.removeContainer(id, { force: true });
    // The keeper is made again, and all is known.
    expect((await status(command)).replicas).toHaveLength(2);
  });

  it('holds no lease, and says whose name it has', async () => {
    await using context = testContext(engine);
    await using image = await foreignImage(engine, labelsOf(context.project, 'lease'));
    const name = leaseName(context.project);
    const id = await image.container(name, true);
    await expect(deploy(context, await freePort(), '1')).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringContaining(`Container ${name} (${id.slice(0, 12)}) has the name of the lease`),
    });
    expect((await status(commandContext(context))).warnings).toEqual([
      expect.stringContaining(`Container ${name} has lobbie's labels`),
    ]);
    expect((await engine.inspectContainer(id))?.state).toBe('running');
    await engine.removeContainer(id, { force: true });
  });

  it('is not taken over as one of docker compose', async () => {
    await using context = testContext(engine);
    const labels = { 'com.docker.compose.project': context.project, 'com.docker.compose.service': 'api' };
    await using image = await foreignImage(engine, labels);
    const id = await image.container(`${context.project}-former`, true);
    expect(await deploy(context, await freePort(), '1')).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect((await engine.inspectContainer(id))?.state).toBe('running');
  });
});

describeEngine('an image that carries labels of lobbie', (engine) => {
  it.each(['keeper', 'ingress'])('is not run: %s', async (role) => {
    await using context = testContext(engine);
    await using image = await foreignImage(engine, labelsOf(context.project, role));
    await expect(deploy(context, 0, '1', { image: image.image })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(
        new RegExp(`^services\\.api\\.image: image ${image.image} carries the labels .*${LABEL.role}`),
      ),
    });
    expect(await fromImage(engine, image)).toEqual([]);
  });

  it('is not run when lobbie builds it', async () => {
    await using context = testContext(engine);
    const directory = await mkdtemp(join(tmpdir(), 't-posing-'));
    const { project } = context;
    const name = `${project}-built`;
    const text = [`FROM ${process.env.LOBBIE_DEBIAN_IMAGE}`, `LABEL ${LABEL.project}=${project} ${LABEL.role}=replica`];
    const build = { context: directory, dockerfile: 'Dockerfile', dockerfileInline: text.join('\n'), args: {} };
    try {
      await expect(deploy(context, 0, '1', { image: name, build })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(`carries the labels ${LABEL.project}, ${LABEL.role}`),
      });
      expect(await engine.listContainers({ [LABEL.project]: project })).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
      const image = (await askEngine(engine, `/images/${name}/json`)) as { RepoTags: string[] };
      for (const tag of image.RepoTags) await engine.removeImage(tag);
    }
  });
});

const labelsOf = (project: string, role: string): Record<string, string> => ({
  [LABEL.project]: project,
  [LABEL.role]: role,
  [LABEL.service]: 'api',
  [LABEL.index]: '1',
  [LABEL.release]: 'posing',
  [LABEL.spec]: 'posing',
  'dev.lobbie.holder': 'nobody',
  'com.docker.compose.project': project,
  'com.docker.compose.service': 'api',
});

/** For every role a container that has never run, and one that runs, under the very names that lobbie would give. */
async function posersOf(engine: Engine, project: string) {
  const stack = new AsyncDisposableStack();
  const names: string[] = [];
  for (const role of ROLES) {
    const image = stack.use(await foreignImage(engine, labelsOf(project, role)));
    for (const start of [false, true]) {
      const name = nameFor(project, role, start);
      names.push(name);
      await image.container(name, start);
    }
  }
  const look = async () =>
    (await engine.listAllContainers())
      .filter(({ name }) => names.includes(name))
      .map(({ id, name, state }) => ({ id, name, state }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { names, look, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Those of keeper and lease are another test's: a command refuses to go on beside them. */
const nameFor = (project: string, role: string, started: boolean): string => {
  const suffix = started ? 'a' : 'b';
  if (role === 'replica') return started ? `${project}-api-1-posing` : `${project}-api-b`;
  return role === 'errand' ? `${project}-lobbie-errand-${suffix}` : `${project}-${role}-${suffix}`;
};

const fromImage = async (engine: Engine, { id }: ForeignImage): Promise<string[]> =>
  (await engine.listAllContainers()).filter(({ imageId }) => imageId === id).map(({ name }) => name);

async function everything(engine: Engine, container: string, path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of engine.readFiles(container, path, { mostBytes: 1024 })) names.push(name);
  return names;
}

/** What was warned of since the last time. */
function warned({ events }: TestContext): string[] {
  return events.splice(0).flatMap((event) => (event.type === 'warning' ? [event.message] : []));
}

function deploy(
  context: TestContext,
  port: number,
  version: string,
  service: Partial<Project['services'][number]> = {},
): Promise<Receipt> {
  const { project: name, history } = context;
  const project = lightProject({ name, history, port, version, service });
  return rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
}
