import { buildService, type Service } from '@lobbie/api/service/build-service';
import { openDatabasePool } from '@lobbie/api/service/database-pool';
import type { LogStream } from '@lobbie/api/service/log-options';
import { Gauge } from 'prom-client';
import { addRoutes } from './add-routes.ts';
import { checkSchema } from './check-schema.ts';
import { migrations } from './migrations/migrations.ts';
import { openTaskStore } from './task-store.ts';
import type { TasksConfig } from './tasks-config.ts';

export interface TasksOptions {
  readonly config: TasksConfig;
  readonly version: string;
  /** Names of the migrations without which it is not ready; all, unless a test says otherwise. */
  readonly needs?: readonly string[];
  readonly logStream?: LogStream;
}

/** Builds the service on PostgreSQL, which need not be there yet. Throws StartError where there is no password. */
export async function buildTasks({ config, version, needs, logStream }: TasksOptions): Promise<Service> {
  const pool = await openDatabasePool(config, (error) => service.app.log.warn({ err: error }, 'a connection was lost'));
  const store = openTaskStore(pool);
  const service = await buildService({
    info: { title: 'Tasks', version, description: 'A task list on PostgreSQL.' },
    config,
    trustProxy: config.TRUST_PROXY,
    checks: [checkSchema(store, needs ?? Object.keys(migrations))],
    routes: (app) => {
      addRoutes(app, store);
      app.addHook('onClose', () => pool.end());
    },
    metrics: (registry) => {
      new Gauge({
        name: 'database_pool',
        help: 'Connections to the database, those of them that are idle, and requests that wait for one.',
        labelNames: ['what'],
        registers: [registry],
        collect() {
          for (const [what, count] of Object.entries(pool.counts)) this.set({ what }, count);
        },
      });
    },
    ...(logStream === undefined ? {} : { logStream }),
  });
  return service;
}
