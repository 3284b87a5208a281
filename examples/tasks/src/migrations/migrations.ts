import type { Migration } from 'kysely/migration';
import { createTasks } from './0001-create-tasks.ts';

/**
 * All migrations by name, oldest first. One that has run anywhere is never changed. While it runs, and until the last
 * replica is replaced, the previous release works on the new schema: add in one release, remove in a later one.
 */
export const migrations: Readonly<Record<string, Migration>> = { '0001-create-tasks': createTasks };
