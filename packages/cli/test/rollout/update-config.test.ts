import { describe, expect, it } from 'vitest';
import { findLedger } from '../../src/ledger/find-ledger.ts';
import type { Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { UpdateConfig } from '../../src/model/service.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject, aWebService } from './a-service.ts';
import { type ScriptedEngine, scriptedEngine } from './scripted-engine.ts';
import { scriptedSurroundings } from './scripted-surroundings.ts';
import { START_FIRST } from './test-project.ts';

const web = (image: string, update: Partial<UpdateConfig> = {}): Project =>
  aProject([
    aWebService('web', 8080, {
      image,
      replicas: 4,
      update: { ...START_FIRST, monitorMs: 0, parallelism: 1, ...update },
    }),
  ]);

const deploy = (engine: ScriptedEngine, project: Project): Promise<Receipt> =>
  rollOut(scriptedSurroundings(engine), { project, command: 'deploy', recreate: [], asDeployed: false });

/** Version 1 is deployed; of version 2 these replicas exit at once. */
async function setup(failing: readonly number[]): Promise<{ engine: ScriptedEngine; first: Receipt }> {
  const engine = scriptedEngine();
  const first = await deploy(engine, web('app:1'));
  expect(first).toMatchObject({ outcome: 'deployed', warnings: [] });
  engine.exitOf = ({ image, name }) =>
    image === 'app:2' && failing.some((index) => name.includes(`-web-${index}-`)) ? 1 : undefined;
  return { engine, first };
}

/** Which release fills each place, all running and all getting requests. */
function filledBy(engine: ScriptedEngine): string[] {
  const { replicas, ingresses } = engine.look();
  const ready = ingresses.flatMap((ingress) => ingress.ready ?? []);
  expect(replicas).toEqual(ready.map((name) => `${name} running`).toSorted());
  return ready.map((name) => name.split('-').at(-1) ?? '');
}

describe('a rollout by update_config', () => {
  it('takes all back by default when one replica fails', async () => {
    const { engine, first } = await setup([3]);
    expect(await deploy(engine, web('app:2'))).toMatchObject({ outcome: 'failed-restored', warnings: [] });
    expect(filledBy(engine)).toEqual(Array(4).fill(first.release));
  });

  it('lets as many replicas fail as max_failure_ratio says: they keep the old version', async () => {
    const { engine, first } = await setup([3]);
    const receipt = await deploy(engine, web('app:2', { maxFailureRatio: 0.25 }));
    expect(receipt.outcome).toBe('deployed');
    expect(receipt.warnings).toEqual([expect.stringMatching(/^web-3 failed and was undone by itself: /)]);
    const { release } = receipt;
    expect(filledBy(engine)).toEqual([release, release, first.release, release]);
    const { state } = (await findLedger(engine, 'p')).ledger;
    const has = await Promise.all((state.current?.containers ?? []).map((id) => engine.inspectContainer(id)));
    const names = has.map((one) => one?.name ?? 'gone');
    expect(names.filter((name) => !name.includes('ingress')).toSorted()).toEqual(
      [1, 2, 4]
        .map((index) => `p-web-${index}-${release}`)
        .concat(`p-web-3-${first.release}`)
        .toSorted(),
    );
    engine.exitOf = () => undefined;
    expect(await deploy(engine, web('app:2', { maxFailureRatio: 0.25 }))).toMatchObject({ outcome: 'deployed' });
    expect(filledBy(engine)).not.toContain(first.release);
  });

  it('goes on to the end where it is to continue, and says that it failed', async () => {
    const { engine, first } = await setup([2, 3]);
    const receipt = await deploy(engine, web('app:2', { failureAction: 'continue' }));
    expect(receipt).toMatchObject({ outcome: 'failed-not-restored', error: { code: 'GATE_FAILED' } });
    expect(receipt.warnings).toHaveLength(2);
    const { release } = receipt;
    expect(filledBy(engine)).toEqual([release, first.release, first.release, release]);
  });

  it('stops where it is when it is to pause, and the next deploy goes on from there', async () => {
    const { engine, first } = await setup([2]);
    const receipt = await deploy(engine, web('app:2', { failureAction: 'pause' }));
    expect(receipt).toMatchObject({ outcome: 'failed-not-restored', error: { code: 'GATE_FAILED' } });
    const { release } = receipt;
    const { ingresses } = engine.look();
    const old = first.release;
    expect(ingresses[0]?.ready).toEqual([`p-web-1-${release}`, `p-web-2-${old}`, `p-web-3-${old}`, `p-web-4-${old}`]);
    engine.exitOf = () => undefined;
    const next = await deploy(engine, web('app:2', { failureAction: 'pause' }));
    expect(next).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(filledBy(engine)).toEqual([release, next.release, next.release, next.release]);
  });
});
