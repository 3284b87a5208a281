import { databaseShape } from '@lobbie/api/service/database-config';
import { proxyShape } from '@lobbie/api/service/proxy-config';
import { integerIn, serviceShape } from '@lobbie/api/service/service-config';
import type { z } from 'zod';

/** Environment of this service, beside that of every service on the shell. */
export const tasksShape = {
  ...serviceShape,
  ...databaseShape,
  TRUST_PROXY: proxyShape.TRUST_PROXY,
};

export type TasksConfig = z.infer<z.ZodObject<typeof tasksShape>>;

/** Environment of the migrations. */
export const migrateShape = {
  ...databaseShape,
  /** How long they wait for the database to be there. */
  MIGRATE_WAIT_MS: integerIn(0, 3_600_000).default(30_000),
  /** How long a change of a table waits for those who use it, and holds up those who come after. */
  MIGRATE_LOCK_TIMEOUT_MS: integerIn(1, 3_600_000).default(5000),
};

export type MigrateConfig = z.infer<z.ZodObject<typeof migrateShape>>;
