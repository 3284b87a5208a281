import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../src/model/container.ts';
import type { EngineEvent } from '../../src/model/engine.ts';
import { describeEngine } from '../engine-available.ts';
import { killContainer } from './past-lobbie.ts';
import { collect, runContainer, sleeper, TEST_LABELS } from './test-container.ts';

describeEngine('what containers say', (engine) => {
  const made: string[] = [];
  const run = (what: string, script: string, spec: object = {}): Promise<string> => {
    const name = sleeper(what);
    made.push(name);
    return runContainer(engine, { name, command: ['sh', '-c', script], ...spec });
  };
  const ended = (id: string) => expect.poll(() => engine.inspectContainer(id)).toMatchObject({ state: 'exited' });
  afterAll(() => Promise.all(made.map((name) => engine.removeContainer(name, { force: true }))));

  describe('logs', () => {
    it('gives lines of both outputs in order, with their times', async () => {
      const before = Date.now();
      const id = await run('logs', 'echo one; sleep 0.1; echo two >&2; sleep 0.1; printf "\\n  three \\r\\nlast"');
      await ended(id);
      const entries = await collect(engine.logs(id, {}));
      expect(entries.map(({ stream, text }) => [stream, text])).toEqual([
        ['stdout', 'one'],
        ['stderr', 'two'],
        ['stdout', ''],
        ['stdout', '  three '],
        ['stdout', 'last'],
      ]);
      for (const [index, { timeMs }] of entries.entries()) {
        expect(timeMs).toBeGreaterThanOrEqual(entries[index - 1]?.timeMs ?? before - 2000);
        expect(timeMs).toBeLessThan(before + 60_000);
      }
      const middle = entries[1]?.timeMs ?? 0;
      const since = await collect(engine.logs(id, { sinceMs: middle }));
      expect(since.map(({ text }) => text)).not.toContain('one');
      expect(since.map(({ text }) => text)).toContain('last');
      expect((await collect(engine.logs(id, { tail: 2 }))).map(({ text }) => text)).toEqual(['  three ', 'last']);
    });

    it('keeps a line of 400 kB whole', async () => {
      const script = 'head -c 100000 /dev/zero | tr "\\0" x | sed s/x/😀/g; echo; echo next';
      const id = await run('long', script);
      await ended(id);
      const [long, next, ...more] = await collect(engine.logs(id, {}));
      expect(long?.text.length).toBe(200_000);
      expect(long?.text === '😀'.repeat(100_000)).toBe(true);
      expect(next?.text).toBe('next');
      expect(more).toEqual([]);
    });

    it('follows until the container ends', async () => {
      const id = await run('follow', 'for i in 1 2 3; do echo $i; sleep 0.2; done');
      const entries = await collect(engine.logs(id, { follow: true }));
      expect(entries.map(({ text }) => text)).toEqual(['1', '2', '3']);
    });

    it('gives a line as soon as it is there, and stops when told to', async () => {
      const id = await run('abort', 'while true; do echo tick; sleep 0.1; done');
      const abort = new AbortController();
      const entries: LogEntry[] = [];
      for await (const entry of engine.logs(id, { follow: true, signal: abort.signal })) {
        entries.push(entry);
        if (entries.length === 3) abort.abort();
      }
      expect(entries.length).toBeGreaterThanOrEqual(3);
      await engine.removeContainer(id, { force: true });
    });

    it('refuses logs of a container that is not there', async () => {
      await expect(collect(engine.logs('t-eng-nowhere', {}))).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    });
  });

  describe('stats', () => {
    it('shows a busy core and the memory in use', async () => {
      const id = await run('busy', 'yes >/dev/null');
      await expect.poll(async () => (await engine.stats(id))?.cpuCores).toBeGreaterThan(0);
      const stats = await engine.stats(id);
      expect(stats?.cpuCores).toBeLessThan(1.5);
      expect(stats?.memoryBytes).toBeGreaterThan(100_000);
      expect(stats?.memoryBytes).toBeLessThan(50_000_000);
      await engine.removeContainer(id, { force: true });
    });

    it('does not count page cache that can be dropped', async () => {
      const id = await run('cache', 'head -c 100000000 /dev/zero >/big; cat /big >/dev/null; echo ready; sleep 600');
      for await (const { text } of engine.logs(id, { follow: true })) if (text === 'ready') break;
      expect((await engine.stats(id))?.memoryBytes).toBeLessThan(60_000_000);
    });

    it('has none for containers that do not run or are not there', async () => {
      const id = await run('idle', 'true');
      await ended(id);
      expect(await engine.stats(id)).toBeUndefined();
      expect(await engine.stats('t-eng-nowhere')).toBeUndefined();
    });
  });

  describe('events', () => {
    const labels = { ...TEST_LABELS, case: `events-${process.pid}` };
    const abort = new AbortController();
    const seen: EngineEvent[] = [];
    let listening: Promise<void>;
    beforeAll(() => {
      listening = (async () => {
        for await (const event of engine.events(labels, abort.signal)) seen.push(event);
      })();
    });

    it('tells of health and death of the labelled containers only, and stops when told to', async () => {
      const check = { intervalMs: 200, timeoutMs: 60_000, retries: 1, startPeriodMs: 0 };
      const script = 'touch /ok; sleep 600';
      const healthcheck = { ...check, test: ['CMD', 'test', '-e', '/ok'] };
      const [id, other] = await Promise.all([
        run('ev-seen', script, { labels, healthcheck }),
        run('ev-other', script, { labels: { ...TEST_LABELS, case: 'other' }, healthcheck }),
      ]);
      await expect.poll(() => seen.map(({ kind }) => kind)).toEqual(['healthy']);
      await Promise.all([id, other].map((each) => engine.exec(each, ['rm', '/ok'])));
      await expect.poll(() => seen.map(({ kind }) => kind)).toEqual(['healthy', 'unhealthy']);
      await Promise.all([id, other].map((each) => killContainer(engine, each)));
      await expect.poll(() => seen.map(({ kind }) => kind)).toEqual(['healthy', 'unhealthy', 'died']);
      expect(new Set(seen.map(({ containerId }) => containerId))).toEqual(new Set([id]));
      expect(seen.map(({ exitCode }) => exitCode)).toEqual([undefined, undefined, 137]);
      abort.abort();
      await listening;
    });
  });
});
