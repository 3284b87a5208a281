import { buildService, type Service } from '../service/build-service.ts';
import type { LogStream } from '../service/log-options.ts';
import { addRoutes } from './add-routes.ts';
import { HistoryListing } from './history-listing.ts';
import type { LobbieConfig } from './lobbie-config.ts';

export interface LobbieOptions {
  readonly config: LobbieConfig;
  /** The name of this container's file, once it is in the history. */
  readonly file: Promise<string>;
  readonly nowMs: () => number;
  readonly version: string;
  readonly logStream?: LogStream;
}

/** Builds lobbie's API on the shell. Building overlaps with the making of the file, whose writes wait for the disk. */
export async function buildLobbie({ config, file, nowMs, version, logStream }: LobbieOptions): Promise<Service> {
  const listing = new HistoryListing(config.HISTORY_DIR, nowMs);
  return buildService({
    info: {
      title: "lobbie's API",
      version,
      description: 'Each container makes a file; every container lists them all.',
    },
    config,
    routes: async (app) => addRoutes(app, await file, listing),
    ...(logStream === undefined ? {} : { logStream }),
  });
}
