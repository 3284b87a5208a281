import { randomBytes } from 'node:crypto';
import { parseConfig } from '@lobbie/api/service/parse-config';
import type { InjectOptions } from 'fastify';
import pg from 'pg';
import { buildTasks } from '../src/build-tasks.ts';
import { migrateDatabase } from '../src/migrate-database.ts';
import { migrations } from '../src/migrations/migrations.ts';
import { migrateShape, tasksShape } from '../src/tasks-config.ts';
import type { PostgresEnv } from './with-postgres.ts';

/** An answer, as far as tests compare it. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type TestTasks = Awaited<ReturnType<typeof startTasks>>;

/** A database of its own, empty; and statements in it, as somebody else than the service. */
export async function makeDatabase(env: PostgresEnv) {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const execute = async (sql: string, database = name): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({
      host: env.PGHOST,
      port: Number(env.PGPORT),
      user: env.PGUSER,
      password: env.PGPASSWORD,
      database,
    });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await execute(`create database ${name}`, 'postgres');
  const drop = () => execute(`drop database if exists ${name} with (force)`, 'postgres');
  return { env: { ...env, PGDATABASE: name }, execute, [Symbol.asyncDispose]: async () => void (await drop()) };
}

/** The service on a migrated database of its own. It does not listen: requests are injected. */
export async function startTasks(env: PostgresEnv, more: Record<string, string> = {}) {
  const database = await makeDatabase(env);
  await migrateDatabase({ config: parseConfig(migrateShape, database.env), migrations });
  const lines: string[] = [];
  const config = parseConfig(tasksShape, { ...database.env, LOG_LEVEL: 'trace', DATABASE_TIMEOUT_MS: '500', ...more });
  const service = await buildTasks({ config, version: '1.0.0', logStream: { write: (line) => void lines.push(line) } });
  service.lifecycle.markReady();
  const ask = async (request: InjectOptions | string): Promise<Answer> => {
    const answer = await service.app.inject(request);
    if (!/^application\/json/.test(String(answer.headers['content-type'])))
      throw new Error(`not JSON: ${answer.statusCode} ${answer.headers['content-type']}`);
    return { status: answer.statusCode, body: answer.json() };
  };
  const send =
    (method: 'POST' | 'PUT') =>
    (url: string, payload: object | string): Promise<Answer> =>
      ask({ method, url, headers: { 'content-type': 'application/json' }, payload });
  return {
    app: service.app,
    execute: database.execute,
    ask,
    post: send('POST'),
    put: send('PUT'),
    delete: (url: string) => ask({ method: 'DELETE', url }),
    /** Adds a task, which has to work, and gives its id. */
    add: async (text = 'a task'): Promise<number> => {
      const { status, body } = await send('POST')('/task', { text });
      if (status !== 201) throw new Error(`POST /task answered ${status}`);
      // The cast: the contract's answer, which other tests hold it to.
      return (body as { result: { id: number } }).result.id;
    },
    logged: () => lines.join(''),
    [Symbol.asyncDispose]: async () => {
      await service.app.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
