import { afterAll, describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../src/model/container.ts';
import { describeEngine } from '../engine-available.ts';
import { askEngine } from '../promises/ask-engine.ts';
import { runContainer, sleeper, TEST_LABELS } from './test-container.ts';

describeEngine('the life of a container', (engine) => {
  const never = new AbortController().signal;
  const made = new Set<string>();
  const volumes = new Set<string>();
  const run = (what: string, spec: Partial<ContainerSpec> & { start?: boolean } = {}): Promise<string> => {
    const name = sleeper(`life-${what}`);
    made.add(name);
    return runContainer(engine, { name, ...spec });
  };
  const anonymous = { kind: 'volume', target: '/data', readOnly: false } as const;
  /** The one volume that a container has. */
  const volumeOf = async (container: string): Promise<string> => {
    const [volume] = (await engine.inspectContainer(container))?.volumes ?? [];
    if (volume === undefined) throw new Error('it has a volume');
    volumes.add(volume.name);
    return volume.name;
  };
  afterAll(async () => {
    for (const name of made) await engine.removeContainer(name, { force: true });
    for (const name of volumes) await engine.removeVolume(name);
  });

  describe('its end', () => {
    it('is waited for, and told with its exit code, now and later, also by a listing', async () => {
      const labels = { ...TEST_LABELS, case: 'waited' };
      const id = await run('waited', { command: ['sh', '-c', 'sleep 0.5; exit 7'], labels });
      expect(await engine.waitContainer(id, never)).toBe(7);
      expect(await engine.waitContainer(id, never)).toBe(7);
      expect(await engine.listContainers(labels)).toMatchObject([{ id, state: 'exited', exitCode: 7 }]);
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'exited', exitCode: 7 });
    });

    it('is the last one where the restart policy goes on after the first', async () => {
      const script = 'echo again >>/data/runs; sleep 0.2; test $(wc -l </data/runs) -lt 3 && exit 5; exit 6';
      const restart = { name: 'on-failure', maxRetries: 2 } as const;
      const id = await run('flaky', { command: ['sh', '-c', script], mounts: [anonymous], restart });
      expect(await engine.waitContainer(id, never)).toBe(6);
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'exited', exitCode: 6, restartCount: 2 });
    });

    it('is told of one that removes itself', async () => {
      const id = await run('self', { command: ['sh', '-c', 'sleep 0.3; exit 9'], autoRemove: true });
      expect(await engine.waitContainer(id, never)).toBe(9);
    });

    it('is no longer waited for when that is interrupted', async () => {
      const id = await run('interrupted');
      const abort = new AbortController();
      const waiting = engine.waitContainer(id, abort.signal);
      setTimeout(() => abort.abort(), 100);
      await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });

    it('cannot be waited for when there is no such container', async () => {
      await expect(engine.waitContainer('t-eng-nowhere', never)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    });
  });

  it('goes by another restart policy from now on', async () => {
    const id = await run('policy', { restart: { name: 'always' }, memoryBytes: 64 * 1024 * 1024 });
    expect((await engine.inspectContainer(id))?.restart).toEqual({ name: 'always' });
    await engine.setRestartPolicy(id, { name: 'no' });
    expect((await engine.inspectContainer(id))?.restart).toEqual({ name: 'no' });
    await engine.setRestartPolicy(id, { name: 'on-failure', maxRetries: 3 });
    expect((await engine.inspectContainer(id))?.restart).toEqual({ name: 'on-failure', maxRetries: 3 });
    // What else it was made with stays.
    expect(await askEngine(engine, `/containers/${id}/json`)).toMatchObject({ HostConfig: { Memory: 67_108_864 } });
    await engine.stopContainer(id, 0);
    await engine.setRestartPolicy(id, { name: 'unless-stopped' });
    expect(await engine.inspectContainer(id)).toMatchObject({ state: 'exited', restart: { name: 'unless-stopped' } });
    await engine.setRestartPolicy('t-eng-nowhere', { name: 'no' });
  });

  it('goes on under another name, unless another container has that', async () => {
    const id = await run('name-1');
    await run('name-2', { start: false });
    const renamed = sleeper('life-renamed');
    await engine.renameContainer(id, renamed);
    expect(await engine.inspectContainer(renamed)).toMatchObject({ id, state: 'running' });
    await expect(engine.renameContainer(id, sleeper('life-name-2'))).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringContaining(`the name "${sleeper('life-name-2')}" belongs to another container`),
    });
    made.add(renamed);
  });

  describe('its anonymous volumes', () => {
    it('go with it', async () => {
      const id = await run('alone', { mounts: [anonymous] });
      const volume = await volumeOf(id);
      await engine.removeContainer(id, { force: true });
      expect(await engine.inspectVolume(volume)).toBeUndefined();
    });

    it('stay where they are to be kept, with the labels that their mounts gave them', async () => {
      const labels = { 'dev.example.role': 'files' };
      const id = await run('kept', { mounts: [{ ...anonymous, labels }] });
      const volume = await volumeOf(id);
      await engine.removeContainer(id, { force: true, keepVolumes: true });
      expect((await engine.inspectVolume(volume))?.labels).toMatchObject(labels);
      await engine.removeVolume(volume);
    });

    it.each([
      ['created', false],
      ['running', true],
    ])('stay with a successor that is %s when it goes, and with the volume what is in there', async (state, start) => {
      const old = await run(`old-${state}`, { mounts: [anonymous] });
      await engine.exec(old, ['sh', '-c', 'echo kept >/data/file']);
      const volume = await volumeOf(old);
      await engine.stopContainer(old, 0);
      const successor = await run(`new-${state}`, { mounts: [{ ...anonymous, source: volume }], start });
      await engine.removeContainer(old);
      expect(await engine.inspectVolume(volume)).toBeDefined();
      if (!start) await engine.startContainer(successor);
      expect((await engine.exec(successor, ['cat', '/data/file'])).output).toBe('kept\n');
      // To the engine it is a named one there: it does not go with the successor.
      await engine.removeContainer(successor, { force: true });
      expect(await engine.inspectVolume(volume)).toBeDefined();
      await engine.removeVolume(volume);
      expect(await engine.inspectVolume(volume)).toBeUndefined();
    });
  });

  it('leaves named volumes, made with driver and options, where they are', async () => {
    const name = sleeper('life-options');
    volumes.add(name);
    const driverOpts = { type: 'tmpfs', device: 'tmpfs', o: 'size=3m,mode=711' };
    await engine.createVolume({ name, labels: TEST_LABELS, driver: 'local', driverOpts });
    const id = await run('options', { mounts: [{ kind: 'volume', source: name, target: '/data', readOnly: false }] });
    expect((await engine.exec(id, ['sh', '-c', 'df -k /data | tail -1; stat -c %a /data'])).output).toMatch(
      /^tmpfs\s+3072 [^\n]*\n711\n$/,
    );
    await engine.removeContainer(id, { force: true });
    expect(await engine.inspectVolume(name)).toEqual({ labels: TEST_LABELS });
  });
});
