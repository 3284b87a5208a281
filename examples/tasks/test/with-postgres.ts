import { afterAll, describe, it } from 'vitest';
import { type OwnPostgres, postgresPrograms, startPostgres } from './start-postgres.ts';

/** How to reach the PostgreSQL of the tests. */
export type PostgresEnv = OwnPostgres['env'];

/**
 * `describe` for tests on any real PostgreSQL: the one that PGHOST and its like name, else one of their own. Where there
 * is neither they are skipped, and say why; in CI that fails, for a skipped test would look like a passed one.
 */
export async function describeDatabase(title: string, tests: (env: PostgresEnv) => void): Promise<void> {
  const { PGHOST, PGPORT = '5432', PGUSER = 'tasks', PGPASSWORD = '' } = process.env;
  if (PGHOST === undefined || PGHOST === '') return describePostgres(title, ({ env }) => tests(env));
  describe(title, () => tests({ PGHOST, PGPORT, PGUSER, PGPASSWORD }));
}

/** `describe` for tests that need a PostgreSQL of their own, to kill it. */
export async function describePostgres(title: string, tests: (postgres: OwnPostgres) => void): Promise<void> {
  const programs = postgresPrograms();
  if (programs !== undefined) {
    const postgres = await startPostgres(programs);
    afterAll(() => postgres[Symbol.asyncDispose]());
    describe(title, () => tests(postgres));
    return;
  }
  const reason = 'no PostgreSQL: apt-get install postgresql';
  // Beside another server, as in the containers of the tests, these have been run elsewhere.
  if (process.env.CI === 'true' && !process.env.PGHOST) throw new Error(`No database for the tests: ${reason}`);
  it(title, ({ skip }) => skip(reason));
}
