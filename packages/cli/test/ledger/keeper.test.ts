import { describe, expect, it } from 'vitest';
import { ensureKeeper, findKeeper, LEDGER } from '../../src/ledger/keeper.ts';
import { LABEL } from '../../src/model/names.ts';
import { type ScriptedEngine, scriptedEngine } from '../rollout/scripted-engine.ts';

const labels = { [LABEL.project]: 'p', [LABEL.role]: 'keeper' };
const mounts = [{ kind: 'volume', source: 'p_lobbie-ledger', target: LEDGER, readOnly: false }] as const;

/** A container with the keeper's name that differs from a keeper in one setting. */
type Change = Partial<Parameters<ScriptedEngine['createContainer']>[0]>;
async function withPoser(change: Change, image: object = { empty: true }, start = false): Promise<ScriptedEngine> {
  const engine = scriptedEngine();
  engine.images.set('nothing:1', image);
  const spec = { name: 'p-lobbie-keeper', image: 'nothing:1', labels, mounts, networks: [], ...change };
  const id = await engine.createContainer(spec);
  if (start) await engine.startContainer(id);
  return engine;
}

describe('the keeper', () => {
  it('is found after it was created, and created again after it was removed', async () => {
    const engine = scriptedEngine();
    expect(await findKeeper(engine, 'p')).toBeUndefined();
    const made = await ensureKeeper(engine, 'p', '/srv/history');
    expect(made.history).toBe('/above-history/history');
    expect(await findKeeper(engine, 'p')).toEqual(made);
    expect(await ensureKeeper(engine, 'p', undefined)).toEqual(made);
    await engine.removeContainer(made.id);
    expect((await ensureKeeper(engine, 'p', '/srv/history')).id).not.toBe(made.id);
  });

  it('is a container that matches in every setting', async () => {
    const engine = await withPoser({});
    expect(await findKeeper(engine, 'p')).toMatchObject({ project: 'p', keeps: undefined });
  });

  it.each([
    ['has files in its image', withPoser({}, {}), 'its image nothing:1 is not empty'],
    [
      'has labels in its image',
      withPoser({}, { empty: true, labels: { a: 'b' } }),
      'its image nothing:1 carries labels',
    ],
    ['runs', withPoser({}, { empty: true }, true), 'it has been started (it is running)'],
    ['mounts nothing', withPoser({ mounts: [] }), 'it does not mount volume p_lobbie-ledger at /ledger'],
    [
      'mounts the ledger of another project',
      withPoser({ mounts: [{ ...mounts[0], source: 'q_lobbie-ledger' }] }),
      'it does not mount volume p_lobbie-ledger at /ledger',
    ],
    [
      'mounts it elsewhere',
      withPoser({ mounts: [{ ...mounts[0], target: '/elsewhere' }] }),
      'it does not mount volume p_lobbie-ledger at /ledger',
    ],
    ['has no labels', withPoser({ labels: {} }), 'it does not have its labels'],
    ['has those of another project', withPoser({ labels: { ...labels, [LABEL.project]: 'q' } }), 'its labels'],
  ])('is not one that has its name and %s: nothing is read from it, written to it or made', async (_, made, why) => {
    const engine = await made;
    const before = engine.containers();
    const called = engine.calls.length;
    const refused = { code: 'NAME_TAKEN', message: expect.stringContaining(why) };
    await expect(findKeeper(engine, 'p')).rejects.toMatchObject(refused);
    await expect(ensureKeeper(engine, 'p', '/srv/history')).rejects.toMatchObject(refused);
    expect(engine.containers()).toEqual(before);
    expect(engine.calls.slice(called).filter((call) => !call.startsWith('inspect'))).toEqual([]);
  });

  it('is still valid after its image was removed', async () => {
    const engine = scriptedEngine();
    const made = await ensureKeeper(engine, 'p', undefined);
    engine.images.clear();
    expect(await findKeeper(engine, 'p')).toEqual(made);
  });
});
