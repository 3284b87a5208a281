import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context.ts';
import { history } from '../../src/commands/history.ts';
import { findKeeper } from '../../src/ledger/keeper.ts';
import type { Project } from '../../src/model/project.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { testService } from '../plan/plan-fixtures.ts';
import { type ScriptedEngine, scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const project = (image: string): Project => {
  const { build: _, ...service } = testService({
    image,
    replicas: 1,
    healthcheck: { test: ['CMD', 'healthy?'], intervalMs: 1000, timeoutMs: 1000, retries: 1, startPeriodMs: 0 },
  });
  return {
    name: 'p',
    networks: [{ key: 'default', name: 'p_default', external: false }],
    volumes: [],
    inactive: [],
    history: { source: '/srv/history' },
    services: [service],
  };
};

const deploy = (context: CommandContext, image: string) =>
  rollOut(context, { project: project(image), command: 'deploy', recreate: [], asDeployed: false });

/** Writes what a container of the API writes of itself. */
async function enter(engine: ScriptedEngine, file: string, content: string): Promise<void> {
  const keeper = await findKeeper(engine, 'p');
  await engine.writeFiles(keeper?.id ?? '', keeper?.history ?? '', [{ kind: 'file', name: file, content }]);
}

describe('history', () => {
  it('is empty where nothing was ever deployed', async () => {
    expect(await history(commandContext(scriptedEngine()), undefined)).toEqual({ type: 'history', containers: [] });
  });

  it('lists every container that ran, oldest first, with those that run now marked', async () => {
    const context = commandContext(scriptedEngine());
    await deploy(context, 'app:1');
    await deploy(context, 'app:2');
    const { containers } = await history(context, undefined);
    expect(containers).toMatchObject([
      { container: 'p-api-1-r1', service: 'api', replica: 'api-1', release: 'r1', image: 'app:1', running: false },
      { container: 'p-api-1-r2', service: 'api', replica: 'api-1', release: 'r2', image: 'app:2', running: true },
    ]);
    expect(containers.map(({ file, started, ended }) => [file !== null, started !== null, ended !== null])).toEqual([
      [true, true, true],
      [true, true, false],
    ]);
  });

  it('tells a container once, though both the ledger and the container itself know of it', async () => {
    const engine = scriptedEngine();
    const context = commandContext(engine);
    const { replicas } = await deploy(context, 'app:1');
    const file = replicas[0]?.file ?? '';
    await enter(engine, file, JSON.stringify({ container: 'f'.repeat(64), host: 'h', madeAt: '2026-01-31T00:00:00Z' }));
    const { containers } = await history(context, undefined);
    expect(containers.map((one) => [one.file, one.container])).toEqual([[file, 'p-api-1-r1']]);
  });

  it('lists those that someone else started, and files that say nothing of their container', async () => {
    const engine = scriptedEngine();
    const context = commandContext(engine);
    await deploy(context, 'app:1');
    const byHand = { container: 'a'.repeat(64), host: 'h', madeAt: '2025-01-01T00:00:00.000Z' };
    await enter(engine, 'include-me-byHand0.txt', JSON.stringify(byHand));
    await enter(engine, 'include-me-torn000.txt', '{"container":');
    await enter(engine, 'notes.txt', 'not one of them');
    const { containers } = await history(context, undefined);
    expect(containers.map(({ file }) => file)).toEqual([
      'include-me-torn000.txt',
      'include-me-byHand0.txt',
      containers[2]?.file,
    ]);
    expect(containers[1]).toMatchObject({ container: 'a'.repeat(12), started: byHand.madeAt, replica: null });
  });

  it('has nothing end before it started, whatever clock says so', async () => {
    const engine = scriptedEngine();
    const context = commandContext(engine);
    await deploy(context, 'app:1');
    // The engine in memory has the first milliseconds of 1970.
    await engine.stopContainer('p-api-1-r1', 0);
    const { containers } = await history(context, undefined);
    expect(containers).toMatchObject([{ container: 'p-api-1-r1', running: false, ended: expect.any(String) }]);
    expect(containers[0]?.ended).toBe(containers[0]?.started);
  });

  it('keeps to the latest where a limit says so', async () => {
    const context = commandContext(scriptedEngine());
    await deploy(context, 'app:1');
    await deploy(context, 'app:2');
    const latest = await history(context, 1);
    expect(latest.containers.map(({ container }) => container)).toEqual(['p-api-1-r2']);
    expect((await history(context, 99)).containers).toHaveLength(2);
  });

  it('outlives the project when that is taken down', async () => {
    const engine = scriptedEngine();
    const context = commandContext(engine);
    await deploy(context, 'app:1');
    await takeDown(context, 'p', { removeHistory: false });
    expect(engine.look()).toEqual({ replicas: [], ingresses: [], composeContainers: [], networks: [], volumes: [] });
    expect((await history(context, undefined)).containers).toMatchObject([
      { container: 'p-api-1-r1', running: false, ended: expect.any(String) },
    ]);
  });
});
