import { buildService, type Service } from '@lobbie/api/service/build-service';
import type { LogStream } from '@lobbie/api/service/log-options';
import { Counter } from 'prom-client';
import { addRoutes } from './add-routes.ts';
import { openDataFile } from './data-file.ts';
import type { ThingsConfig } from './things-config.ts';

/** How soon a changed file is seen. */
const LOOK_EVERY_MS = 1000;

export interface ThingsOptions {
  readonly config: ThingsConfig;
  readonly version: string;
  readonly lookEveryMs?: number;
  readonly logStream?: LogStream;
}

/** Builds the service on the data file. Throws StartError when that is missing or broken. */
export async function buildThings({ config, version, lookEveryMs, logStream }: ThingsOptions): Promise<Service> {
  const path = config.THINGS_FILE;
  const data = await openDataFile({
    path,
    everyMs: lookEveryMs ?? LOOK_EVERY_MS,
    onTaken: () => service.app.log.info({ things: data.things.byId.size }, 'the data file has changed'),
    onRefused: (reason) =>
      service.app.log.error({ reason }, 'the changed data file is refused, the last good data stays'),
  });
  const service = await buildService({
    info: { title: 'Things', version, description: 'A data file behind an API.' },
    config,
    routes: (app) => {
      addRoutes(app, data);
      app.addHook('onClose', () => data.close());
    },
    metrics: (registry) => {
      new Counter({
        name: 'things_data_changes_total',
        help: 'Changes of the data file, by whether they were taken over or refused.',
        labelNames: ['outcome'],
        registers: [registry],
        collect() {
          this.reset();
          for (const [outcome, count] of Object.entries(data.changes)) this.inc({ outcome }, count);
        },
      });
    },
    ...(logStream === undefined ? {} : { logStream }),
  });
  return service;
}
