import { setTimeout as sleep } from 'node:timers/promises';
import { readPassword } from '@lobbie/api/service/database-config';
import { sqlStateOf } from '@lobbie/api/service/database-error';
import { StartError } from '@lobbie/api/service/start-error';
import { Kysely, PostgresDialect } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
import type { MigrateConfig } from './tasks-config.ts';

/** Any number that nothing else locks in this database. */
const LOCK = 7_461_736_573;

const RETRY_MS = 250;

export interface MigrateOptions {
  readonly config: MigrateConfig;
  readonly migrations: Readonly<Record<string, Migration>>;
}

/**
 * Brings the schema up to date and tells in a sentence what that took. Of several at once one works and the others wait
 * for it. All migrations that are due happen, or none of them.
 *
 * @throws StartError when the database cannot be reached, or a migration fails
 */
export async function migrateDatabase({ config, migrations }: MigrateOptions): Promise<string> {
  const client = await connect(config);
  try {
    // Of this connection, so that it goes with it, however this process ends.
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const due = await dueOf(client, Object.keys(migrations));
    // A schema of a later release is not behind: a rollback starts here with fewer migrations than have run.
    if (due.length === 0) return 'The schema is up to date.';
    await migrate(config, migrations);
    return `Migrated: ${due.join(', ')}.`;
  } finally {
    await client.end();
  }
}

async function connect(config: MigrateConfig): Promise<pg.Client> {
  const deadline = performance.now() + config.MIGRATE_WAIT_MS;
  for (;;) {
    const client = new pg.Client({
      ...(await connectionOf(config)),
      connectionTimeoutMillis: config.DATABASE_TIMEOUT_MS,
    });
    try {
      client.on('error', () => {});
      await client.connect();
      return client;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const refused = error instanceof Error && /^(?:28|3D)/.test(sqlStateOf(error) ?? '');
      // A wrong password or name does not get right by waiting.
      if (refused || performance.now() >= deadline) throw new StartError(`The database cannot be reached: ${reason}`);
      await sleep(RETRY_MS);
    }
  }
}

async function dueOf(client: pg.Client, known: readonly string[]): Promise<string[]> {
  const { rows } = await client.query("select to_regclass('kysely_migration') is not null as found");
  if (rows[0]?.found !== true) return [...known];
  const applied = await client.query<{ name: string }>('select name from kysely_migration');
  const names = new Set(applied.rows.map(({ name }) => name));
  return known.filter((name) => !names.has(name));
}

async function migrate(config: MigrateConfig, migrations: MigrateOptions['migrations']): Promise<void> {
  const pool = new pg.Pool({
    ...(await connectionOf(config)),
    max: 1,
    connectionTimeoutMillis: config.DATABASE_TIMEOUT_MS,
    // A change that waits for a table makes everyone wait who comes after it.
    lock_timeout: config.MIGRATE_LOCK_TIMEOUT_MS,
  });
  // The next statement reports a connection lost while idle. Without a listener, the loss would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
    const { error, results } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const failed = results?.find(({ status }) => status === 'Error')?.migrationName ?? 'The migrations';
    throw new StartError(`${failed} failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await db.destroy();
  }
}

const connectionOf = async (config: MigrateConfig): Promise<pg.ClientConfig> => ({
  host: config.PGHOST,
  port: config.PGPORT,
  database: config.PGDATABASE,
  user: config.PGUSER,
  password: await readPassword(config),
});
