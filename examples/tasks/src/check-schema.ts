import type { ReadinessCheck } from '@lobbie/api/service/lifecycle';
import { ServiceError } from '@lobbie/api/service/service-error';
import type { TaskStore } from './task-store.ts';

/**
 * Not ready while a migration that this release knows has not run. One that it does not know is of a later release, which
 * keeps to what this one needs. Checks at the same time share one look at the database.
 */
export function checkSchema(store: Pick<TaskStore, 'migrated'>, known: readonly string[]): ReadinessCheck {
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const applied = await store.migrated();
    const missing = known.filter((name) => applied?.has(name) !== true);
    if (missing.length > 0)
      throw new ServiceError(503, "The database's schema is behind: its migrations have not run.");
  };
  return () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
}
