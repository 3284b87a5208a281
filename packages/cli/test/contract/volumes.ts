import { describe, expect, it } from 'vitest';
import { create, run, type Subject } from './subject.ts';

/** Volumes, and how long anonymous ones stay. */
export function volumesContract(subject: Subject): void {
  const { engine, name, labels } = subject;
  const namesOf = async (wanted: Readonly<Record<string, string>>): Promise<string[]> =>
    (await engine.listVolumes(wanted)).map((volume) => volume.name).toSorted();

  describe('a volume', () => {
    it('is created once, and is kept as it is', async () => {
      const volume = name('volume');
      await engine.createVolume({ name: volume, labels });
      await engine.createVolume({ name: volume, labels: { other: 'label' } });
      expect(await engine.inspectVolume(volume)).toEqual({ labels });
    });

    it('is found by all its labels', async () => {
      const [first, second] = [`${name('label')}.a`, `${name('label')}.b`];
      const [both, one] = [name('both'), name('one')];
      await engine.createVolume({ name: both, labels: { ...labels, [first]: '1', [second]: '2' } });
      await engine.createVolume({ name: one, labels: { ...labels, [first]: '1' } });
      expect(await namesOf({ [first]: '1' })).toEqual([both, one].toSorted());
      expect(await namesOf({ [first]: '1', [second]: '2' })).toEqual([both]);
      expect(await namesOf({ [first]: '1', [second]: '1' })).toEqual([]);
      expect(await namesOf({ [first]: '' })).toEqual([]);
      expect(await namesOf({})).toEqual(expect.arrayContaining([both, one]));
      expect(await engine.listVolumes({ [second]: '2' })).toEqual([
        { name: both, labels: { ...labels, [first]: '1', [second]: '2' } },
      ]);
    });

    it('that is missing is undefined, and counts as removed', async () => {
      expect(await engine.inspectVolume(name('no-volume'))).toBeUndefined();
      await engine.removeVolume(name('no-volume'));
    });

    it.each([
      ['runs', true],
      ['does not run', false],
    ])('is not removed while a container uses it that %s', async (_, start) => {
      const volume = name(`used-${start}`);
      const mounts = [{ kind: 'volume', source: volume, target: '/data', readOnly: false } as const];
      const id = await (start ? run : create)(subject, name(`user-${start}`), { mounts });
      expect(await engine.inspectVolume(volume)).toBeDefined();
      expect((await engine.inspectContainer(id))?.volumes).toEqual([{ name: volume, target: '/data' }]);
      await expect(engine.removeVolume(volume)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      expect(await engine.inspectVolume(volume)).toBeDefined();
      await engine.removeContainer(id, { force: true });
      expect(await engine.inspectVolume(volume)).toBeDefined();
      await engine.removeVolume(volume);
      expect(await engine.inspectVolume(volume)).toBeUndefined();
    });
  });

  describe('an anonymous volume', () => {
    const anonymous = [{ kind: 'volume', target: '/data', readOnly: false } as const];
    const volumeOf = async (id: string): Promise<string> =>
      (await engine.inspectContainer(id))?.volumes[0]?.name ?? 'none';

    it('is removed with its container', async () => {
      const id = await create(subject, name('with'), { mounts: anonymous });
      const volume = await volumeOf(id);
      expect(await engine.inspectVolume(volume)).toBeDefined();
      await engine.removeContainer(id);
      expect(await engine.inspectVolume(volume)).toBeUndefined();
    });

    it('stays if keepVolumes is set', async () => {
      const id = await create(subject, name('kept'), { mounts: anonymous });
      const volume = await volumeOf(id);
      await engine.removeContainer(id, { keepVolumes: true });
      expect(await engine.inspectVolume(volume)).toBeDefined();
      await engine.removeVolume(volume);
    });

    it('stays while another container uses it', async () => {
      const first = await create(subject, name('from'), { mounts: anonymous });
      const volume = await volumeOf(first);
      const mounts = [{ kind: 'volume', source: volume, target: '/data', readOnly: false } as const];
      const second = await create(subject, name('to'), { mounts });
      await engine.removeContainer(first);
      expect(await engine.inspectVolume(volume)).toBeDefined();
      await engine.removeContainer(second);
      // The engine takes a volume for a named one where a container names it.
      expect(await engine.inspectVolume(volume)).toBeDefined();
      await engine.removeVolume(volume);
    });
  });
}
