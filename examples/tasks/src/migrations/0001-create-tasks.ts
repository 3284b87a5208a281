import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The table of tasks. Ids come from a sequence, which never goes back: none is given twice. */
export const createTasks: Migration = {
  up: async (db) => {
    await sql`
      create table tasks (
        id integer generated always as identity primary key,
        text text not null check (char_length(text) between 1 and 128),
        status boolean not null default false,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`.execute(db);
  },
};
