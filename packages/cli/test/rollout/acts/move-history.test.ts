import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/engine/engine-error.ts';
import { findLedger } from '../../../src/ledger/find-ledger.ts';
import type { Engine } from '../../../src/model/engine.ts';
import type { Project } from '../../../src/model/project.ts';
import type { Receipt } from '../../../src/model/results.ts';
import { rollOut } from '../../../src/rollout/roll-out.ts';
import { aProject, aWebService } from '../a-service.ts';
import { killableEngine } from '../killable-engine.ts';
import { type ScriptedEngine, scriptedEngine } from '../scripted-engine.ts';
import { scriptedSurroundings } from '../scripted-surroundings.ts';

const projectAt = (source: string): Project =>
  aProject(
    [
      aWebService('api', 8080, { mounts: [{ kind: 'bind', source, target: '/history', readOnly: false }] }),
      aWebService('web', 8081),
    ],
    { history: { source } },
  );

const deploy = (engine: Engine, source: string, only?: readonly string[]): Promise<Receipt> =>
  rollOut(scriptedSurroundings(engine), {
    project: projectAt(source),
    command: 'deploy',
    recreate: [],
    asDeployed: false,
    ...(only && { only }),
  });

const stateOf = async (engine: Engine) => (await findLedger(engine, 'p')).ledger.state;

/** Counts the containers that are made to move entries, with the old directory and the new one in them. */
function countMovers(engine: ScriptedEngine): () => number {
  const { createContainer } = engine;
  let count = 0;
  engine.createContainer = (spec) => {
    if (spec.mounts?.some(({ target }) => target === '/from')) count += 1;
    return createContainer(spec);
  };
  return () => count;
}

describe('a history that moves', () => {
  it('is copied before the commit, and only then is where the ledger says', async () => {
    const engine = scriptedEngine();
    const movers = countMovers(engine);
    await deploy(engine, '/srv/a');
    expect(await stateOf(engine)).toMatchObject({ history: '/srv/a', leaving: null });
    expect(movers()).toBe(0);
    expect(await deploy(engine, '/srv/b')).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(await stateOf(engine)).toMatchObject({ history: '/srv/b', leaving: null });
    expect(movers()).toBe(4);
    expect(await deploy(engine, '/srv/b')).toMatchObject({ outcome: 'unchanged' });
  });

  it('stays where it was when the rollout fails', async () => {
    const engine = scriptedEngine();
    await deploy(engine, '/srv/a');
    engine.exitOf = ({ name }) => (name.includes('-api-') ? 1 : undefined);
    expect(await deploy(engine, '/srv/b')).toMatchObject({ outcome: 'failed-restored' });
    expect(await stateOf(engine)).toMatchObject({ history: '/srv/a', leaving: null });
  });

  it('stays with the services that write to it where those are not deployed', async () => {
    const engine = scriptedEngine();
    const movers = countMovers(engine);
    await deploy(engine, '/srv/a');
    await deploy(engine, '/srv/b', ['web']);
    expect(await stateOf(engine)).toMatchObject({ history: '/srv/a', leaving: null });
    expect(movers()).toBe(0);
  });

  it('has nothing to copy where the old directory is gone', async () => {
    const engine = scriptedEngine();
    await deploy(engine, '/srv/a');
    const { createContainer } = engine;
    engine.createContainer = (spec) => {
      const missing = spec.mounts?.find(
        (one) => one.kind === 'bind' && one.mustExist && one.source.startsWith('/srv/a'),
      );
      if (missing === undefined) return createContainer(spec);
      const words = 'invalid mount config for type "bind": bind source path does not exist: /srv/a';
      return Promise.reject(refusal(words, 'create a container'));
    };
    expect(await deploy(engine, '/srv/b')).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(await stateOf(engine)).toMatchObject({ history: '/srv/b', leaving: null });
  });

  it('is where it was or where it is to be whenever lobbie is killed, and the next deploy finishes', {
    timeout: 300_000,
  }, async () => {
    let call = 1;
    for (; ; call += 3) {
      const engine = scriptedEngine();
      await deploy(engine, '/srv/a');
      const killable = killableEngine(engine, call);
      const ended = await Promise.race([
        killable.killed.then(() => undefined),
        deploy(killable.engine, '/srv/b').catch(() => undefined),
      ]);
      if (ended !== undefined) break;
      await engine.settled();
      const { current, history } = await stateOf(engine);
      expect({ call, history }).toEqual({ call, history: current?.project.history?.source });
      const { outcome } = await deploy(engine, '/srv/b');
      expect(['deployed', 'unchanged']).toContain(outcome);
      expect(await stateOf(engine)).toMatchObject({ history: '/srv/b', leaving: null, running: null });
    }
    expect(call).toBeGreaterThan(60);
  });
});
