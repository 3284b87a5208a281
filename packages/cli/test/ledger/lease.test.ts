import { describe, expect, it } from 'vitest';
import { acquireLease, leaseHolder } from '../../src/ledger/lease.ts';
import { CONFINED } from '../../src/model/confined.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import { LobbieError } from '../../src/model/errors.ts';
import { LABEL } from '../../src/model/names.ts';
import { fakeClock } from '../fake-clock.ts';
import { type ScriptedEngine, scriptedEngine } from '../rollout/scripted-engine.ts';

const mine = { project: 'p', image: 'app:1', holder: 'me@here, lobbie deploy' };
const theirs = { ...mine, holder: 'you@there, lobbie recreate' };

/** An engine that starts containers only once `startup` is resolved. */
function slowlyStarting(engine: ScriptedEngine) {
  const startup = Promise.withResolvers<void>();
  const startContainer: typeof engine.startContainer = async (id) => {
    await startup.promise;
    await engine.startContainer(id);
  };
  return { slow: { ...engine, startContainer }, startup };
}

describe('acquireLease', () => {
  it('gives the lease to one command, names its holder to others, and frees it on unlock', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    const lease = await acquireLease(engine, clock, mine);
    await clock.advance(4000);
    const refused: LobbieError = await acquireLease(engine, clock, theirs).catch((error) => error);
    expect(refused).toMatchObject({ code: 'LEASE_TAKEN' });
    expect(refused.message).toContain('me@here, lobbie deploy, for 4 s');
    expect(await leaseHolder(engine, 'p', clock)).toBe(mine.holder);
    await lease.check();
    await lease.unlock();
    expect(await leaseHolder(engine, 'p', clock)).toBeUndefined();
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
    await lease.started;
    await engine.removeContainer('p-lobbie-lease', { force: true });
    await expect(lease.check()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await lease.unlock();
  });

  it('leaves nothing behind if it cannot be created', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    engine.failAt(1, 'before');
    await expect(acquireLease(engine, clock, mine)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    expect(engine.containers()).toEqual([]);
  });

  it.each([
    ['attach to', 2],
    ['start', 3],
  ])('is held for an undo, and leaves nothing behind, if the engine fails to %s it', async (_what, call) => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    engine.failAt(call, 'before');
    const lease = await acquireLease(engine, clock, mine);
    await expect(lease.started).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    await lease.check();
    await lease.unlock();
    expect(engine.containers()).toEqual([]);
  });

  it('is held from its creation on, while the engine starts it', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    const { slow, startup } = slowlyStarting(engine);
    const lease = await acquireLease(slow, clock, mine);
    await lease.check();
    expect(await leaseHolder(engine, 'p', clock)).toBe(mine.holder);
    const refused = acquireLease(engine, clock, theirs).catch((error) => error);
    await clock.advance(1000);
    startup.resolve();
    await lease.started;
    await lease.check();
    await clock.advance(100);
    expect(await refused).toMatchObject({ code: 'LEASE_TAKEN' });
    await lease.unlock();
    expect(engine.containers()).toEqual([]);
  });

  it('is lost if a rival took it while it was too slow to start', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    const { slow, startup } = slowlyStarting(engine);
    const late = await acquireLease(slow, clock, mine);
    const taking = acquireLease(engine, clock, theirs);
    await clock.advance(15_000);
    expect(await leaseHolder(engine, 'p', clock)).toBe(theirs.holder);
    await expect(late.check()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    startup.resolve();
    await expect(late.started).rejects.toMatchObject({
      code: 'LEASE_LOST',
      message: expect.stringContaining('it could not start'),
    });
    const lease = await taking;
    await late.unlock();
    await lease.check();
    await lease.unlock();
  });

  it('is not removed by a rival that has waited for an earlier one', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    const never: typeof engine.startContainer = () => new Promise(() => undefined);
    await acquireLease({ ...engine, startContainer: never }, clock, mine);
    const waiting = acquireLease(engine, clock, theirs).catch((error: unknown) => error);
    await clock.advance(9_900);
    await engine.removeContainer('p-lobbie-lease', { force: true });
    const { slow, startup } = slowlyStarting(engine);
    const lease = await acquireLease(slow, clock, mine);
    await clock.advance(1000);
    startup.resolve();
    await lease.started;
    await lease.check();
    await clock.advance(100);
    expect(await waiting).toMatchObject({ code: 'LEASE_TAKEN' });
    await lease.unlock();
  });

  it('ends at once if its holder dies while the engine starts it', async () => {
    const [engine, clock] = [scriptedEngine(), fakeClock()];
    const attach: typeof engine.attach = async (id) => (await engine.attach(id)).destroy();
    const lease = await acquireLease({ ...engine, attach }, clock, mine);
    await expect(lease.started.then(() => lease.check())).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await (await acquireLease(engine, clock, theirs)).unlock();
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
    // Its holder dies after creating it and before starting it.
    await acquireLease({ ...engine, attach: () => new Promise(() => undefined) }, clock, mine);
    expect(await leaseHolder(engine, 'p', clock)).toBe(mine.holder);
    let taken = false;
    const taking = acquireLease(engine, clock, theirs).then((lease) => {
      taken = true;
      return lease;
    });
    await clock.advance(1000);
    expect(taken).toBe(false);
    await clock.advance(15_000);
    expect(await leaseHolder(engine, 'p', clock)).toBe(theirs.holder);
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
    expect(await leaseHolder(engine, 'p', clock)).toBeUndefined();
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
