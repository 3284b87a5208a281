import { describe, expect, it } from 'vitest';
import { create, NO_ID, never, run, type Subject } from './subject.ts';

/** How containers are created, started, stopped and removed. */
export function containersContract(subject: Subject): void {
  const { engine, name } = subject;

  describe('a container', () => {
    it('is created, runs, ends and is removed', async () => {
      const own = name('life');
      const id = await create(subject, own);
      expect(await engine.inspectContainer(own)).toMatchObject({
        id,
        name: own,
        state: 'created',
        startedAtMs: undefined,
        finishedAtMs: undefined,
        exitCode: undefined,
      });
      await engine.startContainer(own);
      expect(await engine.inspectContainer(id)).toMatchObject({
        state: 'running',
        startedAtMs: expect.any(Number),
        finishedAtMs: undefined,
        exitCode: undefined,
      });
      await engine.stopContainer(id, 0);
      expect(await engine.inspectContainer(id)).toMatchObject({
        state: 'exited',
        finishedAtMs: expect.any(Number),
        exitCode: expect.any(Number),
      });
      await engine.removeContainer(id);
      expect(await engine.inspectContainer(id)).toBeUndefined();
    });

    it('needs an image that is there', async () => {
      const creating = create(subject, name('imageless'), { image: `${name('no-such-image')}:1` });
      await expect(creating).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      expect(await engine.inspectContainer(name('imageless'))).toBeUndefined();
    });

    it('may be started and stopped twice, and started again', async () => {
      const id = await run(subject, name('twice'));
      await engine.startContainer(id);
      await engine.stopContainer(id, 0);
      await engine.stopContainer(id, 0);
      await engine.startContainer(id);
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'running' });
    });

    it('stays created when it is stopped before it ran', async () => {
      const id = await create(subject, name('unstarted'));
      await engine.stopContainer(id, 0);
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'created' });
    });

    it('has the restart policy that it was given last', async () => {
      const id = await create(subject, name('policy'));
      expect((await engine.inspectContainer(id))?.restart).toEqual({ name: 'no' });
      await engine.setRestartPolicy(id, { name: 'on-failure', maxRetries: 3 });
      expect((await engine.inspectContainer(id))?.restart).toEqual({ name: 'on-failure', maxRetries: 3 });
    });
  });

  describe('a container that is not there', () => {
    it('counts as stopped and as removed', async () => {
      await engine.stopContainer(NO_ID, 0);
      await engine.removeContainer(NO_ID);
      await engine.removeContainer(NO_ID, { force: true });
      await engine.setRestartPolicy(NO_ID, { name: 'no' });
      expect(await engine.inspectContainer(NO_ID)).toBeUndefined();
    });

    it.each([
      ['started', () => engine.startContainer(NO_ID)],
      ['renamed', () => engine.renameContainer(NO_ID, name('renamed'))],
      ['waited for', () => engine.waitContainer(NO_ID, never())],
      ['attached to', () => engine.attach(NO_ID)],
      ['the place of a program', () => engine.exec(NO_ID, ['true'])],
      ['the place of files', () => engine.writeFiles(NO_ID, '/tmp', [])],
    ])('cannot be %s', async (_, act) => {
      await expect(act()).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    });
  });

  describe('a removal', () => {
    it('is refused while the container runs, unless by force', async () => {
      const id = await run(subject, name('forced'));
      await expect(engine.removeContainer(id)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'running' });
      await engine.removeContainer(id, { force: true });
      expect(await engine.inspectContainer(id)).toBeUndefined();
    });

    it('needs no force before the container runs', async () => {
      const id = await create(subject, name('unforced'));
      await engine.removeContainer(id);
      expect(await engine.inspectContainer(id)).toBeUndefined();
    });

    it('is done by the engine when a container that removes itself ends', async () => {
      const own = name('auto');
      const id = await run(subject, own, { autoRemove: true });
      await engine.stopContainer(id, 0);
      await expect.poll(() => engine.inspectContainer(id)).toBeUndefined();
      await run(subject, own);
    });

    it('is not done when a container that removes itself is stopped before it ran', async () => {
      const id = await create(subject, name('auto-unstarted'), { autoRemove: true });
      await engine.stopContainer(id, 0);
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'created' });
    });
  });

  describe('a name', () => {
    it('belongs to one container, running or not', async () => {
      const own = name('one');
      await create(subject, own);
      await expect(create(subject, own)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
      await engine.startContainer(own);
      await expect(create(subject, own)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
      await engine.removeContainer(own, { force: true });
      await create(subject, own);
    });

    it('changes by renaming, unless another container has the new one', async () => {
      const [old, next, other] = [name('old'), name('next'), name('other')];
      const id = await create(subject, old);
      await create(subject, other);
      await expect(engine.renameContainer(id, other)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
      await engine.renameContainer(id, next);
      expect(await engine.inspectContainer(next)).toMatchObject({ id, name: next });
      expect(await engine.inspectContainer(old)).toBeUndefined();
      await create(subject, old);
    });
  });

  describe('a list of containers', () => {
    it('holds those with all the labels, in whatever state they are', async () => {
      const labels = { [`${name('list')}.a`]: '1', [`${name('list')}.b`]: '2' };
      const [first = '', second = ''] = Object.keys(labels);
      const both = await run(subject, name('both'), { labels });
      const one = await create(subject, name('one-label'), { labels: { [first]: '1' } });
      const idsOf = async (wanted: Readonly<Record<string, string>>): Promise<string[]> =>
        (await engine.listContainers(wanted)).map(({ id }) => id).toSorted();
      expect(await idsOf(labels)).toEqual([both]);
      expect(await idsOf({ [first]: '1' })).toEqual([both, one].toSorted());
      expect(await idsOf({ [first]: '2' })).toEqual([]);
      expect(await idsOf({ [first]: '1', [second]: '1' })).toEqual([]);
      expect(await idsOf({ [first]: '' })).toEqual([]);
      const all = (await engine.listAllContainers()).map(({ id }) => id);
      expect(all).toEqual(expect.arrayContaining([both, one]));
      expect((await engine.listContainers(labels))[0]).toMatchObject({ state: 'running', labels });
    });
  });
}
