import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/model/engine.ts';
import { create, never, run, type Subject } from './subject.ts';

/** Programs in containers, stdin as the lease uses it, ends of containers, and events. */
export function streamsContract(subject: Subject): void {
  const { engine, name } = subject;

  describe('a program', () => {
    it('runs in a container that runs', async () => {
      const id = await run(subject, name('exec'));
      expect(await engine.exec(id, ['true'])).toEqual({ exitCode: 0, output: '' });
    });

    it('does not run in one that has not started or has ended', async () => {
      const id = await create(subject, name('no-exec'));
      await expect(engine.exec(id, ['true'])).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      await engine.startContainer(id);
      await engine.stopContainer(id, 0);
      await expect(engine.exec(id, ['true'])).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      await expect(engine.openExec(id, ['true'])).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    });
  });

  describe('the end of a container', () => {
    it('is waited for, and known at once afterwards', async () => {
      const id = await run(subject, name('wait'));
      const order: string[] = [];
      const waiting = engine.waitContainer(id, never()).then((code) => {
        order.push('ended');
        return code;
      });
      await engine.inspectContainer(id);
      await nextTurn();
      order.push('stopping');
      await engine.stopContainer(id, 0);
      const code = await waiting;
      expect(order).toEqual(['stopping', 'ended']);
      expect((await engine.inspectContainer(id))?.exitCode).toBe(code);
      expect(await engine.waitContainer(id, never())).toBe(code);
    });

    it('is waited for until the signal aborts', async () => {
      const id = await run(subject, name('wait-aborted'));
      const aborted = new AbortController();
      const waiting = engine.waitContainer(id, aborted.signal);
      aborted.abort();
      await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'running' });
    });
  });

  describe('a container that lives by its stdin, as the lease does', () => {
    const lease = { command: ['cat'], stdinOnce: true, autoRemove: true };

    it('ends and is removed when its holder disconnects', async () => {
      const own = name('lease');
      const id = await create(subject, own, lease);
      const stream = await engine.attach(id);
      await engine.startContainer(id);
      stream.write('.');
      expect(await engine.inspectContainer(own)).toMatchObject({ state: 'running' });
      await expect(create(subject, own, lease)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
      stream.destroy();
      await expect.poll(() => engine.inspectContainer(own)).toBeUndefined();
      await create(subject, own, lease);
    });

    it('is taken from its holder by force only, and the holder sees it', async () => {
      const id = await create(subject, name('lease-taken'), lease);
      const stream = await engine.attach(id);
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.on('error', () => undefined).resume();
      await engine.startContainer(id);
      await expect(engine.removeContainer(id)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'running' });
      await engine.removeContainer(id, { force: true });
      await closed;
      expect(await engine.inspectContainer(id)).toBeUndefined();
    });

    it('stays when its holder disconnects before it starts', async () => {
      const id = await create(subject, name('lease-early'), lease);
      (await engine.attach(id)).on('error', () => undefined).destroy();
      await nextTurn();
      expect(await engine.inspectContainer(id)).toMatchObject({ state: 'created' });
      await engine.removeContainer(id);
      expect(await engine.inspectContainer(id)).toBeUndefined();
    });
  });

  describe('events', () => {
    it('report the end of containers with all the labels, until the signal aborts', async () => {
      const label = name('events');
      const [here, elsewhere] = [{ [label]: 'here' }, { [label]: 'elsewhere' }];
      const ended = new AbortController();
      const seen: EngineEvent[] = [];
      const events = engine.events(here, ended.signal);
      const listening = (async () => {
        for await (const event of events) seen.push(event);
      })();
      const other = await run(subject, name('event-other'), { labels: elsewhere });
      await engine.stopContainer(other, 0);
      const id = await run(subject, name('event'), { labels: here });
      await engine.stopContainer(id, 0);
      await expect.poll(() => seen.length).toBeGreaterThan(0);
      const exitCode = (await engine.inspectContainer(id))?.exitCode;
      expect(seen).toEqual([{ containerId: id, kind: 'died', exitCode }]);
      ended.abort();
      await listening;
    });
  });
}
