import type { makeDatabase } from './start-tasks.ts';

type Database = Awaited<ReturnType<typeof makeDatabase>>;

const LOCKS = `pg_locks where mode = 'AccessExclusiveLock' and relation = 'tasks'::regclass and granted`;

/** Locks the table `tasks`, as a statement that takes long does. It stays so until the answer is called. */
export async function lockTasks({ execute }: Pick<Database, 'execute'>): Promise<() => Promise<void>> {
  const ended = execute('begin; lock table tasks; select pg_sleep(3600)').then(
    () => undefined,
    (error: unknown) => error,
  );
  await execute(`do $$ begin while not exists (select from ${LOCKS}) loop perform pg_sleep(0.01); end loop; end $$`);
  return async () => {
    await execute(`select pg_cancel_backend(pid) from ${LOCKS}`);
    const error = await ended;
    if (!String(error).includes('canceling statement due to user request')) throw error;
  };
}
