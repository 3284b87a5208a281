import { describe, expect, it } from 'vitest';
import { findContainers, isOwnContainer, poserWords } from '../../src/ledger/own-containers.ts';
import { LABEL } from '../../src/model/names.ts';
import type { ContainerRecord, LedgerState } from '../../src/model/release.ts';
import { type ScriptedEngine, scriptedEngine } from '../rollout/scripted-engine.ts';
import { addPoser } from './poser.ts';

const replica = { [LABEL.role]: 'replica', [LABEL.service]: 'web', [LABEL.index]: '1', [LABEL.release]: 'r1' };
const own = (engine: ScriptedEngine, name: string, labels: Record<string, string>): Promise<string> =>
  engine.createContainer({ name, image: 'app:1', labels: { [LABEL.project]: 'p', ...labels }, networks: [] });
const role = (name: string) => ({ [LABEL.role]: name });

async function look(engine: ScriptedEngine, state: Partial<LedgerState> = {}) {
  const empty = { current: null, running: null, releases: 0, history: null, leaving: null, ingressImage: null };
  const ledger = { state: { ...empty, containers: {}, ingresses: {}, ...state } };
  const found = await findContainers(engine, 'p', {}, ledger);
  return { own: found.own.map(({ name }) => name), posers: found.posers.map(poserWords) };
}

describe('findContainers', () => {
  it('accepts containers with the name of their role and labels that are not from the image', async () => {
    const engine = scriptedEngine();
    await own(engine, 'p-web-1-r1', replica);
    await own(engine, 'any-name', role('ingress'));
    await own(engine, 'p-lobbie-keeper', role('keeper'));
    await own(engine, 'p-lobbie-lease', role('lease'));
    await own(engine, 'p-lobbie-errand-1a2b3c4d', role('errand'));
    await own(engine, 'q-web-1-r1', { ...replica, [LABEL.project]: 'q' });
    expect(await look(engine)).toEqual({
      own: ['p-web-1-r1', 'any-name', 'p-lobbie-keeper', 'p-lobbie-lease', 'p-lobbie-errand-1a2b3c4d'],
      posers: [],
    });
  });

  it.each([
    ['p-web-1-r1', replica],
    ['p-web-ingress-r1', role('ingress')],
    ['p-lobbie-keeper', role('keeper')],
    ['p-lobbie-lease', role('lease')],
    ['p-lobbie-errand-1a2b3c4d', role('errand')],
  ])('leaves out %s when its image brings the labels, and says so', async (name, labels) => {
    const engine = scriptedEngine();
    const id = await addPoser(engine, name, labels);
    const { own: found, posers } = await look(engine);
    expect(found).toEqual([]);
    expect(posers).toEqual([
      expect.stringMatching(
        new RegExp(`^Container ${name} has lobbie's labels, .*: its image ${name}-image has the label dev`),
      ),
    ]);
    const details = await engine.inspectContainer(id);
    expect(details && (await isOwnContainer(engine, 'p', details))).toBe(false);
  });

  it.each([
    ['a replica', 'other', replica, 'its labels belong to a container named p-web-1-r1'],
    ['a keeper', 'other', role('keeper'), 'its role is keeper, and its name is not p-lobbie-keeper'],
    ['a lease', 'p-lease', role('lease'), 'its role is lease, and its name is not p-lobbie-lease'],
    ['an errand', 'errand', role('errand'), 'its role is errand, and its name is not p-lobbie-errand-…'],
    ['no role', 'other', {}, 'lobbie has no role ""'],
  ])('leaves out %s under another name', async (_, name, labels, why) => {
    const engine = scriptedEngine();
    await own(engine, name, labels);
    expect(await look(engine)).toEqual({
      own: [],
      posers: [
        `Container ${name} has lobbie's labels, but lobbie did not create it: ${why}. lobbie does not touch it.`,
      ],
    });
  });

  it('trusts the ledger about a renamed container, or one whose image is gone', async () => {
    const engine = scriptedEngine();
    const id = await own(engine, 'renamed', replica);
    const ingress = await own(engine, 'in', role('ingress'));
    engine.images.delete('app:1');
    const { posers } = await look(engine);
    expect(posers).toEqual([expect.stringContaining('p-web-1-r1'), expect.stringContaining('its image app:1 is gone')]);
    const record = { id } as ContainerRecord;
    expect((await look(engine, { containers: { 'p-web-1-r1': record } })).own).toEqual(['renamed']);
    expect((await look(engine, { ingresses: { [ingress]: {} as never } })).own).toEqual(['in']);
  });

  it('does not trust the ledger about a keeper, lease or errand', async () => {
    const engine = scriptedEngine();
    const id = await own(engine, 'other', role('keeper'));
    expect((await look(engine, { containers: { other: { id } as ContainerRecord } })).own).toEqual([]);
  });

  it('inspects an image once, for all containers and calls', async () => {
    const engine = scriptedEngine();
    for (const index of ['1', '2', '3']) await own(engine, `p-web-${index}-r1`, { ...replica, [LABEL.index]: index });
    await look(engine);
    await look(engine);
    expect(engine.calls.filter((call) => call.startsWith('inspect image'))).toHaveLength(1);
  });

  it('inspects an image again if that failed before', async () => {
    const engine = scriptedEngine();
    await own(engine, 'p-web-1-r1', replica);
    engine.failAt(2, 'before');
    await expect(look(engine)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    expect((await look(engine)).own).toEqual(['p-web-1-r1']);
  });
});
