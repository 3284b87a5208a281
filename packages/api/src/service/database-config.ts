import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { integerIn, portField } from './service-config.ts';
import { StartError } from './start-error.ts';

/**
 * Environment variables of a service that uses PostgreSQL, with the names that psql uses. Spread it into the service's
 * shape.
 */
export const databaseShape = {
  PGHOST: z.string(),
  PGPORT: portField.default(5432),
  PGDATABASE: z.string(),
  PGUSER: z.string(),
  PGPASSWORD: z.string().optional(),
  /** File with the password. Read for each new connection, so that a changed password is used. */
  PGPASSWORD_FILE: z.string().optional(),
  /** Most connections of one process. */
  DATABASE_POOL_SIZE: integerIn(1, 1000).default(10),
  /** How long a request waits for a connection, and again for the answer to a query. */
  DATABASE_TIMEOUT_MS: integerIn(10, 600_000).default(2000),
};

/** What {@link databaseShape} gives. */
export type DatabaseConfig = z.infer<z.ZodObject<typeof databaseShape>>;

/** The current password. Throws StartError if there is none, or if its file is empty or cannot be read. */
export async function readPassword({ PGPASSWORD, PGPASSWORD_FILE }: DatabaseConfig): Promise<string> {
  if (PGPASSWORD_FILE === undefined) {
    if (PGPASSWORD === undefined) throw new StartError('PGPASSWORD: is missing, and so is PGPASSWORD_FILE');
    return PGPASSWORD;
  }
  const text = await readFile(PGPASSWORD_FILE, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`PGPASSWORD_FILE: it cannot be read: ${error.code ?? error.message}`);
  });
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw new StartError('PGPASSWORD_FILE: it is empty');
  return password;
}
