import type { DatabasePool } from '@lobbie/api/service/database-pool';
import { type Generated, Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';

/** A task as it is answered. */
export interface Task {
  readonly id: number;
  readonly text: string;
  readonly status: boolean;
}

/** The tasks in PostgreSQL. Every method rejects as the pool does when the database fails. */
export interface TaskStore {
  /** All of them, by id. */
  list(): Promise<Task[]>;
  has(id: number): Promise<boolean>;
  add(text: string): Promise<Task>;
  /** The task as it is then; undefined where there is none. What is absent stays as it was. */
  change(id: number, change: { readonly text?: string; readonly status?: boolean }): Promise<Task | undefined>;
  /** Whether there was one. */
  remove(id: number): Promise<boolean>;
  /** Names of the migrations that have run; undefined where none ever has. */
  migrated(): Promise<ReadonlySet<string> | undefined>;
}

interface Tables {
  tasks: {
    id: Generated<number>;
    text: string;
    status: Generated<boolean>;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
  };
  kysely_migration: { name: string };
}

/** Reads and writes through the pool, one statement a time: each happens as a whole or not at all. */
export function openTaskStore(pool: DatabasePool): TaskStore {
  // The cast: Kysely's type asks for cursors too, which only a stream would use.
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }) });
  const task = ['id', 'text', 'status'] as const;
  return {
    list: () => db.selectFrom('tasks').select(task).orderBy('id').execute(),
    has: async (id) =>
      (await db.selectFrom('tasks').select('id').where('id', '=', id).executeTakeFirst()) !== undefined,
    add: (text) => db.insertInto('tasks').values({ text }).returning(task).executeTakeFirstOrThrow(),
    change: (id, change) => {
      if (Object.keys(change).length === 0)
        return db.selectFrom('tasks').select(task).where('id', '=', id).executeTakeFirst();
      const values = { ...change, updated_at: sql<Date>`now()` };
      return db.updateTable('tasks').set(values).where('id', '=', id).returning(task).executeTakeFirst();
    },
    remove: async (id) =>
      (await db.deleteFrom('tasks').where('id', '=', id).returning('id').executeTakeFirst()) !== undefined,
    migrated: async () => {
      const { rows } = await sql<{
        found: boolean;
      }>`select to_regclass('kysely_migration') is not null as found`.execute(db);
      if (rows[0]?.found !== true) return undefined;
      const names = await db.selectFrom('kysely_migration').select('name').execute();
      return new Set(names.map(({ name }) => name));
    },
  };
}
