import { parseConfig } from '@lobbie/api/service/parse-config';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { expect, it } from 'vitest';
import { buildTasks } from '../src/build-tasks.ts';
import { migrateDatabase } from '../src/migrate-database.ts';
import { migrations } from '../src/migrations/migrations.ts';
import { migrateShape, tasksShape } from '../src/tasks-config.ts';
import { lockTasks } from './lock-tasks.ts';
import { makeDatabase } from './start-tasks.ts';
import { describeDatabase } from './with-postgres.ts';

const UP_TO_DATE = 'The schema is up to date.';
const MIGRATED = 'Migrated: 0001-create-tasks.';

await describeDatabase('migrations', (env) => {
  it('make the schema, and find nothing to do the next time', async () => {
    await using database = await makeDatabase(env);
    expect(await migrate(database.env)).toBe(MIGRATED);
    await database.execute(`insert into tasks (text) values ('stays')`);
    expect(await migrate(database.env)).toBe(UP_TO_DATE);
    expect(await database.execute('select text from tasks')).toEqual([{ text: 'stays' }]);
  });

  it('are run by one of eight at once, while the others wait for it', async () => {
    await using database = await makeDatabase(env);
    const told = await Promise.all(Array.from({ length: 8 }, () => migrate(database.env)));
    expect(told.sort()).toEqual([MIGRATED, ...Array.from({ length: 7 }, () => UP_TO_DATE)]);
  });

  it('all happen or none when one fails, and the reason is told', async () => {
    await using database = await makeDatabase(env);
    const more = {
      ...migrations,
      '0002-good': change('alter table tasks add column good text'),
      '0003-bad': change('alter table tasks add column bad nonsense'),
    };
    await expect(migrate(database.env, more)).rejects.toThrow('0003-bad failed: type "nonsense" does not exist');
    expect(await database.execute(`select to_regclass('tasks') as tasks`)).toEqual([{ tasks: null }]);
    expect(await migrate(database.env)).toBe(MIGRATED);
  });

  it('give up on a table that stays in use, so that its users do not wait for long', async () => {
    await using database = await makeDatabase(env);
    await migrate(database.env);
    const more = { ...migrations, '0002-more': change('alter table tasks add column more text') };
    const release = await lockTasks(database);
    await expect(migrate(database.env, more, { MIGRATE_LOCK_TIMEOUT_MS: '100' })).rejects.toThrow(
      '0002-more failed: canceling statement due to lock timeout',
    );
    await release();
    expect(await migrate(database.env, more)).toBe('Migrated: 0002-more.');
  });

  it('leave a schema alone that a later release has made', async () => {
    await using database = await makeDatabase(env);
    await migrate(database.env, { ...migrations, '0002-more': change('alter table tasks add column more text') });
    expect(await migrate(database.env)).toBe(UP_TO_DATE);
    expect(await readiness(database.env)).toEqual([200, { status: 'ready' }]);
  });

  it('end with a sentence when there is no database', async () => {
    const nowhere = { ...env, PGDATABASE: 'nowhere', PGPORT: '1' };
    await expect(migrate(nowhere, migrations, { MIGRATE_WAIT_MS: '300' })).rejects.toThrow(
      /^The database cannot be reached: /,
    );
  });

  it('do not wait for a database that the server does not know', async () => {
    await expect(
      migrate({ ...env, PGDATABASE: 'nowhere' }, migrations, { MIGRATE_WAIT_MS: '3600000' }),
    ).rejects.toThrow('The database cannot be reached: database "nowhere" does not exist');
  });
});

await describeDatabase('readiness', (env) => {
  const BEHIND = [503, { error: "The database's schema is behind: its migrations have not run." }];

  it('waits for the migrations', async () => {
    await using database = await makeDatabase(env);
    expect(await readiness(database.env)).toEqual(BEHIND);
    await migrate(database.env);
    expect(await readiness(database.env)).toEqual([200, { status: 'ready' }]);
    expect(await readiness(database.env, [...Object.keys(migrations), '0002-more'])).toEqual(BEHIND);
  });

  it('is lost and comes back with the database, while /health stays', async () => {
    await using database = await makeDatabase(env);
    await migrate(database.env);
    const config = parseConfig(tasksShape, { ...database.env, PGPORT: '1', LOG_LEVEL: 'silent' });
    const { app, lifecycle } = await buildTasks({ config, version: '1.0.0' });
    lifecycle.markReady();
    const ready = await app.inject('/ready');
    expect([ready.statusCode, ready.json()]).toEqual([503, { error: 'The database cannot be reached.' }]);
    expect((await app.inject('/health')).statusCode).toBe(200);
    expect((await app.inject('/')).statusCode).toBe(200);
    await app.close();
  });
});

const change = (statement: string): Migration => ({
  up: async (db) => {
    await sql.raw(statement).execute(db);
  },
});

type DatabaseEnv = Awaited<ReturnType<typeof makeDatabase>>['env'];

const migrate = (env: DatabaseEnv, those = migrations, more: Record<string, string> = {}): Promise<string> =>
  migrateDatabase({ config: parseConfig(migrateShape, { ...env, ...more }), migrations: those });

/** What `/ready` answers of a service that needs these migrations. */
async function readiness(env: DatabaseEnv, needs = Object.keys(migrations)): Promise<[number, unknown]> {
  const config = parseConfig(tasksShape, { ...env, LOG_LEVEL: 'silent' });
  const { app, lifecycle } = await buildTasks({ config, version: '1.0.0', needs });
  lifecycle.markReady();
  const answer = await app.inject('/ready');
  await app.close();
  return [answer.statusCode, answer.json()];
}
