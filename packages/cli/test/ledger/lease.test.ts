import { describe, expect, it } from 'vitest';
import { acquireLease, leaseHolder } from '../../src/ledger/lease.ts';
import { CONFINED } from '../../src/model/confined.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import { LobbieError } from '../../src/model/errors.ts';
import { LABEL } from '../../src/model/names.ts';
import { fakeClock } from '../fake-clock.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';

const mine = { project: 'p', image: 'app:1', holder: 'me@here, lobbie deploy' };
const theirs = { ...mine, holder: 'you@there, lobbie recreate' };

describe('acquireLease', () => {
  it('gives the lease to one command, names its holder to others, and frees it on unlock', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    const lease = await acquireLease(engine, clock, mine);
    await clock.advance(4000);
    const refused: LobbieError = await acquireLease(engine, clock, theirs).catch((error) => error);
    expect(refused).toMatchObject({ code: 'LEASE_TAKEN' });
    expect(refused.message).toContain('me@here, lobbie deploy, for 4 s');
    expect(await leaseHolder(engine, 'p')).toBe(mine.holder);
    await lease.check();
    await lease.unlock();
    expect(await leaseHolder(engine, 'p')).toBeUndefined();
    await (await acquireLease(engine, clock, theirs)).unlock();
  });

  it('ignores the lease of another project', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    await acquireLease(engine, clock, mine);
    await acquireLease(engine, clock, { ...theirs, project: 'q' });
    expect(engine.containers().map(({ name }) => name)).toEqual(['p-lobbie-lease', 'q-lobbie-lease']);
  });

  it('tells its holder that it was removed', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    const lease = await acquireLease(engine, clock, mine);
    await engine.removeContainer('p-lobbie-lease', { force: true });
    await expect(lease.check()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await lease.unlock();
  });

  it.each([1, 2, 3])('leaves nothing behind if call %i of acquiring it fails', async (call) => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    engine.failAt(call, 'before');
    await expect(acquireLease(engine, clock, mine)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    expect(engine.containers()).toEqual([]);
  });

  it('is gone after unlock, even if the engine fails to remove it at first', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    let failures = 3;
    const removeContainer: typeof engine.removeContainer = async (...args) => {
      if (failures-- > 0) throw new LobbieError('ENGINE_ERROR', 'Could not kill running container, cannot remove.', {});
      await engine.removeContainer(...args);
    };
    const lease = await acquireLease({ ...engine, removeContainer }, clock, mine);
    const unlocking = lease.unlock();
    await clock.advance(1000);
    await unlocking;
    expect(engine.containers()).toEqual([]);
  });

  it('takes over a lease that was never started, after a grace period', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    // Its holder dies after creating it and before starting it: the answer is lost, and so is the clean-up.
    const dying = {
      ...engine,
      attach: () => Promise.reject(new Error('dead')),
      removeContainer: async () => undefined,
    };
    await expect(acquireLease(dying, clock, mine)).rejects.toThrow('dead');
    let taken = false;
    const taking = acquireLease(engine, clock, theirs).then((lease) => {
      taken = true;
      return lease;
    });
    await clock.advance(1000);
    expect(taken).toBe(false);
    await clock.advance(15_000);
    await (await taking).unlock();
    expect(engine.containers()).toEqual([]);
  });

  it('leaves a container alone that only has the lease’s name', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    await engine.createContainer({ name: 'p-lobbie-lease', image: 'app:1', labels: {}, networks: [] });
    await expect(acquireLease(engine, clock, mine)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    expect(engine.containers()).toHaveLength(1);
  });

  it.each(['created', 'running'])('leaves a container alone that only poses as the lease, %s', async (state) => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    engine.images.set('poser:1', { labels: { [LABEL.project]: 'p', [LABEL.role]: 'lease' } });
    const id = await engine.createContainer({ name: 'p-lobbie-lease', image: 'poser:1', labels: {}, networks: [] });
    if (state === 'running') await engine.startContainer(id);
    const refused: LobbieError = await acquireLease(engine, clock, mine).catch((error) => error);
    expect(refused).toMatchObject({
      code: 'NAME_TAKEN',
      hint: expect.stringContaining('docker inspect p-lobbie-lease'),
    });
    expect(await leaseHolder(engine, 'p')).toBeUndefined();
    expect(engine.containers()).toEqual([{ name: 'p-lobbie-lease', role: 'lease', state }]);
  });

  it('has no capabilities and no writable filesystem', async () => {
    const engine = scriptedEngine();
    const made: ContainerSpec[] = [];
    const createContainer = (spec: ContainerSpec): Promise<string> => {
      made.push(spec);
      return engine.createContainer(spec);
    };
    const watched = { ...engine, createContainer };
    await (await acquireLease(watched, fakeClock(), mine)).unlock();
    expect(made).toMatchObject([{ ...CONFINED, networks: [] }]);
  });
});
