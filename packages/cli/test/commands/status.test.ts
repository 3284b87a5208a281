import { describe, expect, it } from 'vitest';
import { type StatusOptions, status } from '../../src/commands/status.ts';
import { exitStatusOf } from '../../src/exit-status.ts';
import type { ContainerSummary } from '../../src/model/container.ts';
import { LobbieError } from '../../src/model/errors.ts';
import { LABEL } from '../../src/model/names.ts';
import type { StatusResult } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { addPoser } from '../ledger/poser.ts';
import { aProject, aService, aWebService } from '../rollout/a-service.ts';
import { killableEngine } from '../rollout/killable-engine.ts';
import { type ScriptedEngine, scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const migrated = { service: 'migrate', condition: 'completed', required: true, restart: false } as const;
const project = aProject([
  aWebService('api', 8080, { replicas: 2, dependsOn: [migrated] }),
  aService('migrate', { image: 'job:1', job: true, restart: { name: 'no' } }),
  aService('once', { image: 'job:2', restart: { name: 'no' } }),
]);

async function deployed(): Promise<{
  engine: ScriptedEngine;
  warnings: () => Promise<readonly string[]>;
  look: (options?: StatusOptions) => Promise<StatusResult>;
}> {
  const engine = scriptedEngine();
  engine.exitOf = ({ image }) => (image.startsWith('job') ? 0 : undefined);
  const context = commandContext(engine);
  const receipt = await rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
  expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [] });
  return {
    engine,
    warnings: async () => (await status(context)).warnings,
    look: (options) => status(context, options),
  };
}

describe('status', () => {
  it('misses nothing where all is as it was deployed, and what was to end has ended', async () => {
    const { engine, warnings } = await deployed();
    expect(await warnings()).toEqual([]);
    await engine.removeContainer('p-migrate-1-r1', { force: true });
    expect(await warnings()).toEqual([]);
  });

  it('says which replicas are missing, and how they come back', async () => {
    const { engine, warnings } = await deployed();
    await engine.removeContainer('p-api-2-r1', { force: true });
    expect(await warnings()).toEqual(['api-2 is missing. `lobbie deploy` creates it again.']);
  });

  it('says that an ingress has exited, or is missing, and what that means', async () => {
    const { engine, warnings } = await deployed();
    await engine.stopContainer('p-api-ingress-r1', 0);
    const back = 'the service cannot be reached. `lobbie deploy` brings it back.';
    expect(await warnings()).toEqual([`The ingress of api has exited: ${back}`]);
    await engine.removeContainer('p-api-ingress-r1', { force: true });
    expect(await warnings()).toEqual([`The ingress of api is missing: ${back}`]);
  });

  it('counts no container that only inherits labels from its image, and names it', async () => {
    const { engine, warnings } = await deployed();
    const replica = { [LABEL.role]: 'replica', [LABEL.service]: 'api', [LABEL.index]: '2', [LABEL.release]: 'r0' };
    await addPoser(engine, 'p-api-2-r0', replica);
    await engine.removeContainer('p-api-2-r1', { force: true });
    expect(await warnings()).toEqual([
      expect.stringContaining("Container p-api-2-r0 has lobbie's labels, but lobbie did not create it"),
      'api-2 is missing. `lobbie deploy` creates it again.',
    ]);
  });
});

/** Has the engine say something else of one container. */
function alter(engine: ScriptedEngine, name: string, change: Partial<ContainerSummary>): void {
  const listContainers = engine.listContainers.bind(engine);
  Object.assign(engine, {
    listContainers: async (labels: Readonly<Record<string, string>>) =>
      (await listContainers(labels)).map((one) => (one.name === name ? { ...one, ...change } : one)),
  });
}

describe('status --check', () => {
  const ofApi = 'See `lobbie logs api`, then run `lobbie recreate api`.';

  it('finds all as deployed, jobs that have ended included', async () => {
    const { look } = await deployed();
    const found = await look({ check: true });
    expect(found).toMatchObject({ asDeployed: true, problems: [], checked: true });
    expect(exitStatusOf(found)).toBe(0);
    expect(found.replicas.map(({ problem }) => problem)).toEqual(found.replicas.map(() => null));
  });

  it.each<[string, Partial<ContainerSummary>, string]>([
    ['stopped', { state: 'exited', exitCode: 3 }, `api-1 has exited with status 3. ${ofApi}`],
    ['ended without an error', { state: 'exited', exitCode: 0 }, `api-1 has exited with status 0. ${ofApi}`],
    ['restarting', { state: 'restarting' }, `api-1 keeps restarting. ${ofApi}`],
    ['paused', { state: 'paused' }, 'api-1 is paused. Run `docker unpause p-api-1-r1`.'],
    ['dead', { state: 'dead' }, 'api-1 is dead. `lobbie deploy` brings it back.'],
    ['unhealthy', { health: 'unhealthy' }, `api-1 is unhealthy. ${ofApi}`],
  ])('exits 8 for a replica that is %s, and says what to do', async (_, change, problem) => {
    const { engine, look } = await deployed();
    alter(engine, 'p-api-1-r1', change);
    const found = await look({ check: true });
    expect(found.problems).toEqual([problem]);
    expect(found.replicas.find(({ replica }) => replica === 'api-1')?.problem).toBe(problem);
    expect(exitStatusOf(found)).toBe(8);
    // Without being asked to check, it only tells.
    expect(exitStatusOf(await look())).toBe(0);
  });

  it('exits 8 for a replica or an ingress that was made from another definition', async () => {
    const { engine, look } = await deployed();
    for (const name of ['p-api-1-r1', 'p-api-ingress-r1']) {
      const [labels] = (await engine.listContainers({})).filter((one) => one.name === name).map((one) => one.labels);
      alter(engine, name, { labels: { ...labels, [LABEL.spec]: 'other' } });
    }
    const { problems } = await look({ check: true });
    const other = 'was made from another definition than that of release r1. `lobbie deploy` replaces it.';
    expect(problems).toEqual([`api-1 ${other}`, `The ingress of api ${other}`]);
  });

  it('exits 8 for what is missing, for an ingress that does not run, and where nothing is deployed', async () => {
    const { engine, look } = await deployed();
    await engine.removeContainer('p-api-2-r1', { force: true });
    await engine.stopContainer('p-api-ingress-r1', 0);
    expect((await look({ check: true })).problems).toEqual([
      'api-2 is missing. `lobbie deploy` creates it again.',
      'The ingress of api has exited: the service cannot be reached. `lobbie deploy` brings it back.',
    ]);
    const nowhere = await status(commandContext(scriptedEngine()), { check: true });
    expect(exitStatusOf(nowhere)).toBe(8);
    expect(nowhere.problems).toEqual(['Project p is not deployed. Run `lobbie deploy`.']);
  });

  it('exits 8 for a rollout that did not end, and names it', async () => {
    const { engine, look } = await deployed();
    const changed = { ...project, services: project.services.map((one) => ({ ...one, environment: { A: '2' } })) };
    const killable = killableEngine(engine, 60);
    void rollOut(
      { ...commandContext(engine), engine: killable.engine },
      {
        project: changed,
        command: 'deploy',
        recreate: [],
        asDeployed: false,
      },
    );
    await killable.killed;
    const found = await look({ check: true });
    expect(found.asDeployed).toBe(false);
    expect(found.problems[0]).toMatch(/^Release r\d+ was interrupted \(deploy\)\./);
    expect(exitStatusOf(found)).toBe(8);
  });

  it('looks at the services that are named, and knows no other', async () => {
    const { engine, look } = await deployed();
    await engine.removeContainer('p-api-2-r1', { force: true });
    expect(await look({ services: ['once'], check: true })).toMatchObject({
      asDeployed: true,
      url: [],
      ingresses: [],
      replicas: [{ service: 'once' }],
    });
    expect(await look({ services: ['api'] })).toMatchObject({ asDeployed: false, replicas: [{ replica: 'api-1' }] });
    await expect(look({ services: ['web'] })).rejects.toMatchObject({
      code: 'USAGE',
      hint: 'Its services: api, migrate, once.',
    });
  });

  it('does not know who is admitted by an ingress that cannot be read, and exits 8', async () => {
    const { engine, look } = await deployed();
    // The ledger does not know its state either, and the engine does not hand out its disk.
    const changed = { ...project, services: project.services.map((one) => ({ ...one, environment: { A: '2' } })) };
    const killable = killableEngine(engine, 60);
    void rollOut(
      { ...commandContext(engine), engine: killable.engine },
      { project: changed, command: 'deploy', recreate: [], asDeployed: false },
    );
    await killable.killed;
    const { readFiles } = engine;
    Object.assign(engine, {
      readFiles: (...[id, path, limits]: Parameters<typeof readFiles>) => {
        if (path.endsWith('haproxy.cfg')) throw new LobbieError('ENGINE_ERROR', 'The disk cannot be read.');
        return readFiles(id, path, limits);
      },
    });
    const found = await look({ check: true });
    expect(found.replicas.filter(({ service }) => service === 'api').map(({ admitted }) => admitted)).toContain(
      'unknown',
    );
    expect(found.ingresses).toMatchObject([{ service: 'api', state: 'running', ports: null }]);
    expect(found.problems).toContainEqual(expect.stringMatching(/^The ingress of api could not be read: /));
    expect(found.problems.filter((one) => one.includes('gets no requests'))).toEqual([]);
    expect(exitStatusOf(found)).toBe(8);
  });

  it('tells what each ingress listens on', async () => {
    const { look } = await deployed();
    const { ingresses } = await look();
    expect(ingresses).toMatchObject([
      {
        service: 'api',
        container: 'p-api-ingress-r1',
        state: 'running',
        problem: null,
        ports: [{ port: 3000, open: true }],
      },
    ]);
  });
});

describe('a service without a restart policy', () => {
  const unsaid = { restart: { name: 'no' }, restartUnsaid: true } as const;
  const services = [
    aService('worker', unsaid),
    aService('seed', { image: 'job:1', ...unsaid }),
    aWebService('web', 8080, unsaid),
  ];
  const setup = async () => {
    const engine = scriptedEngine();
    engine.exitOf = ({ image }) => (image.startsWith('job') ? 0 : undefined);
    const context = commandContext(engine);
    const deploy = () =>
      rollOut(context, { project: aProject(services), command: 'deploy', recreate: [], asDeployed: false });
    expect(await deploy()).toMatchObject({ outcome: 'deployed' });
    const stateOf = async () =>
      Object.fromEntries((await status(context)).replicas.map(({ service, state }) => [service, state]));
    return { engine, context, deploy, stateOf, check: () => status(context, { check: true }) };
  };
  /** The engine was restarted: it starts what has a policy, and all else has ended as its program ends on SIGTERM. */
  const restarted = async (engine: ScriptedEngine): Promise<void> => {
    for (const { name } of engine.containers().filter((one) => /^p-(worker|web)-1-/.test(one.name)))
      await engine.stopContainer(name, 0);
  };

  it('has completed if it ended before its release was committed', async () => {
    const { check, deploy, stateOf } = await setup();
    expect(await check()).toMatchObject({ asDeployed: true, problems: [] });
    expect(await stateOf()).toEqual({ worker: 'running', seed: 'exited', web: 'running' });
    expect(await deploy()).toMatchObject({ outcome: 'unchanged' });
  });

  it('is left alone by a second deploy if it ended in time, also where others share its network', async () => {
    const engine = scriptedEngine();
    engine.exitOf = ({ image }) => (image.startsWith('job') ? 0 : undefined);
    const context = commandContext(engine);
    const shared = aProject([
      aService('seed', { image: 'job:1', shared: true, ...unsaid }),
      aService('said', { image: 'job:2', shared: true, restart: { name: 'no' } }),
    ]);
    const deploy = () => rollOut(context, { project: shared, command: 'deploy', recreate: [], asDeployed: false });
    expect(await deploy()).toMatchObject({ outcome: 'deployed' });
    expect(engine.containers().filter(({ role }) => role === 'ingress')).toEqual([]);
    expect(await deploy()).toMatchObject({ outcome: 'unchanged' });
    expect(await status(context, { check: true })).toMatchObject({ asDeployed: true });
  });

  it('has stopped if it ended later: status says so, it is not admitted, and the next deploy starts it again', async () => {
    const { engine, check, deploy, stateOf } = await setup();
    await restarted(engine);
    const found = await check();
    expect(exitStatusOf(found)).toBe(8);
    expect(found.problems).toEqual([
      expect.stringMatching(
        /^worker-1 has exited with status 0\. Service worker has no restart policy, .* if it is meant to end\.$/,
      ),
      expect.stringMatching(/^web-1 has exited with status 0\. Service web has no restart policy/),
    ]);
    expect(found.replicas.find(({ service }) => service === 'web')).toMatchObject({ state: 'exited', admitted: false });
    const receipt = await deploy();
    expect(receipt).toMatchObject({ outcome: 'deployed' });
    expect(receipt.replicas.flatMap(({ service, replaced }) => (replaced ? [service] : [])).sort()).toEqual([
      'web',
      'worker',
    ]);
    expect(await stateOf()).toEqual({ worker: 'running', seed: 'exited', web: 'running' });
    expect(await check()).toMatchObject({ asDeployed: true });
  });

  it('has not completed because another service was deployed while it was stopped', async () => {
    const { engine, context, check } = await setup();
    await restarted(engine);
    const changed = aProject(
      [services[0], services[1], aWebService('web', 8080, { ...unsaid, image: 'app:2' })].filter(
        (one) => one !== undefined,
      ),
    );
    await rollOut(context, { project: changed, command: 'deploy', recreate: [], asDeployed: false, only: ['web'] });
    expect((await check()).problems).toEqual([expect.stringMatching(/^worker-1 has exited with status 0\./)]);
  });
});
