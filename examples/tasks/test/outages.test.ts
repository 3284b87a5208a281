import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lockTasks } from './lock-tasks.ts';
import { type Answer, startTasks, type TestTasks } from './start-tasks.ts';
import { describePostgres } from './with-postgres.ts';

const UNREACHABLE = { status: 503, body: { error: 'The database cannot be reached.' } };
const SLOW = { status: 503, body: { error: 'The database took too long.' } };
const FULL = { status: 507, body: { error: 'There is no room left.' } };

await describePostgres('a database that fails', (postgres) => {
  let tasks: TestTasks;
  /** What the service has said 201 to. */
  const added: number[] = [];
  const add = async (): Promise<void> => void added.push(await tasks.add());

  beforeAll(async () => {
    tasks = await startTasks(postgres.env, { DATABASE_POOL_SIZE: '4' });
    await add();
  });
  afterAll(() => tasks?.[Symbol.asyncDispose]());

  /** Every kind of request at once, and more of them than there are connections. */
  const askAll = (): Promise<Answer[]> =>
    Promise.all([
      ...Array.from({ length: 10 }, () => tasks.ask('/tasks')),
      ...Array.from({ length: 10 }, () => tasks.post('/task', { text: 'refused' })),
      tasks.put(`/task/${added[0]}`, { text: 'refused' }),
      tasks.delete(`/task/${added[0]}`),
      tasks.ask('/ready'),
    ]);

  /** All connections can be used at once, and everything that was ever promised is there. */
  const expectRecovery = async (): Promise<void> => {
    // More requests than connections, so each connection is used. The service learns of a lost one when it uses it.
    await vi.waitFor(async () => {
      const answers = await Promise.all(['/ready', ...Array(8).fill('/tasks')].map((path) => tasks.ask(path)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    }, 300_000);
    await Promise.all(Array.from({ length: 8 }, add));
    const { body } = await tasks.ask('/tasks');
    // The cast: the contract's answer, which other tests hold it to.
    const ids = (body as { result: { id: number }[] }).result.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(added));
    expect(new Set(ids).size).toBe(ids.length);
  };

  it.each(['fast', 'immediate'] as const)('answers 503 while it is stopped (%s), and recovers', async (how) => {
    await expectRecovery();
    await postgres.stop(how);
    for (const answer of await askAll()) expect(answer).toEqual(UNREACHABLE);
    expect((await tasks.app.inject('/health')).statusCode).toBe(200);
    expect((await tasks.ask('/')).status).toBe(200);
    await postgres.start();
    await expectRecovery();
  });

  it('answers 503 while it is silent, instead of waiting with it, and recovers', async () => {
    await expectRecovery();
    postgres.freeze();
    for (const answer of await askAll()) expect(answer).toEqual(UNREACHABLE);
    // New connections fall silent too, and those that had been waiting have gone.
    for (const answer of await askAll()) expect(answer).toEqual(UNREACHABLE);
    postgres.thaw();
    await expectRecovery();
  });

  it('can be ended while it is silent', async () => {
    await using other = await startTasks(postgres.env);
    await other.add();
    postgres.freeze();
    const asked = other.ask('/tasks');
    await other.app.close();
    expect(await asked).toEqual(UNREACHABLE);
    postgres.thaw();
  });

  it('recovers when its connections are cut', async () => {
    await expectRecovery();
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`;
    for (let round = 0; round < 5; round += 1) {
      const [answers] = await Promise.all([askAll(), tasks.execute(cut)]);
      for (const { status } of answers) expect([200, 201, 404, 503]).toContain(status);
    }
    // One of the requests was to remove the first.
    added.shift();
    await expectRecovery();
    expect(tasks.logged()).toContain('a connection was lost');
  });

  it('loses and doubles nothing of what it promised while it is restarted under load', async () => {
    const promised: string[] = [];
    let stopping = false;
    const client = async (name: string): Promise<void> => {
      for (let n = 0; !stopping; n += 1) {
        const { status } = await tasks.post('/task', { text: `${name}-${n}` });
        expect([201, 503]).toContain(status);
        if (status === 201) promised.push(`${name}-${n}`);
      }
    };
    const clients = Array.from({ length: 6 }, (_, n) => client(`load-${n}`));
    for (const how of ['fast', 'immediate'] as const) {
      const before = promised.length;
      await vi.waitFor(() => expect(promised.length).toBeGreaterThan(before + 50), 300_000);
      await postgres.stop(how);
      await postgres.start();
    }
    const before = promised.length;
    await vi.waitFor(() => expect(promised.length).toBeGreaterThan(before + 50), 300_000);
    stopping = true;
    await Promise.all(clients);
    const rows = await tasks.execute(
      `select text, count(*)::int as times from tasks where text like 'load-%' group by 1`,
    );
    const times = new Map(rows.map(({ text, times }) => [text, times]));
    expect(promised.filter((text) => times.get(text) !== 1)).toEqual([]);
    expect([...times.values()].every((count) => count === 1)).toBe(true);
  });

  it('answers 503 to what takes too long, and is quick again afterwards', async () => {
    await expectRecovery();
    const release = await lockTasks(tasks);
    await vi.waitFor(async () => expect((await tasks.ask('/tasks')).status).toBe(503), 300_000);
    expect([SLOW, UNREACHABLE]).toContainEqual(await tasks.ask('/tasks'));
    expect([SLOW, UNREACHABLE]).toContainEqual(await tasks.post('/task', { text: 'refused' }));
    expect((await tasks.app.inject('/health')).statusCode).toBe(200);
    await release();
    await expectRecovery();
  });

  it('refuses at once what would only wait', async () => {
    await expectRecovery();
    postgres.freeze();
    const answers = await Promise.all(Array.from({ length: 1000 }, () => tasks.ask('/tasks')));
    postgres.thaw();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    const busy = answers.filter(({ body }) => JSON.stringify(body).includes('Too many requests wait'));
    expect(busy.length).toBeGreaterThan(500);
    await expectRecovery();
  });

  const isRoot = process.getuid?.() === 0;
  const title = isRoot ? 'on a disk of its own' : 'on a disk of its own (skipped: only root mounts one)';
  describe.skipIf(!isRoot)(title, () => {
    const disk = join(postgres.home, 'disk');
    beforeAll(async () => {
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tasks-test', disk]);
      execFileSync('chown', ['postgres:postgres', disk]);
      await tasks.execute(`create tablespace small location '${disk}'`);
      await tasks.execute('alter table tasks set tablespace small');
    });
    afterAll(() => execFileSync('umount', ['--lazy', disk]));

    it('answers 507 while that is full, reads on, and recovers', async () => {
      await tasks.execute('create table filler (text text) tablespace small');
      const fill = `insert into filler select repeat('x', 500) from generate_series(1, 100)`;
      await expect(
        (async () => {
          for (;;) await tasks.execute(fill);
        })(),
      ).rejects.toThrow('No space left on device');
      let answer = await tasks.post('/task', { text: 'x'.repeat(128) });
      for (let n = 0; answer.status === 201 && n < 5000; n += 1)
        answer = await tasks.post('/task', { text: 'x'.repeat(128) });
      expect(answer).toEqual(FULL);
      expect((await tasks.ask('/tasks')).status).toBe(200);
      expect((await tasks.ask('/ready')).status).toBe(200);
      await tasks.execute('drop table filler');
      await expectRecovery();
    });
  });

  it('has told nobody the password', async () => {
    await tasks.ask('/tasks');
    expect(tasks.logged()).toContain('request failed');
    expect(tasks.logged()).not.toContain(postgres.env.PGPASSWORD);
  });
});
