import type { FastifyBaseLogger } from 'fastify';
import { buildService, type Service } from '../service/build-service.ts';
import type { LogStream } from '../service/log-options.ts';
import { addRoutes } from './add-routes.ts';
import { HistoryListing } from './history-listing.ts';
import type { LobbieConfig } from './lobbie-config.ts';
import { DRAFT_STALE_MS, sweepDrafts } from './sweep-drafts.ts';

export interface LobbieOptions {
  readonly config: LobbieConfig;
  /** The name of this container's file, once it is in the history. */
  readonly file: Promise<string>;
  readonly nowMs: () => number;
  readonly version: string;
  /** When to look for drafts again after the start: those of starts that were killed just before this one. */
  readonly sweepAgainMs?: number;
  readonly logStream?: LogStream;
}

/** Builds lobbie's API. Building overlaps with making the file, whose writes wait for the disk. */
export async function buildLobbie(options: LobbieOptions): Promise<Service> {
  const { config, file, nowMs, version, sweepAgainMs = DRAFT_STALE_MS, logStream } = options;
  const listing = new HistoryListing(config.HISTORY_DIR, nowMs);
  const sweep = async (log: FastifyBaseLogger): Promise<void> => {
    const removed = await sweepDrafts(config.HISTORY_DIR, nowMs()).catch(() => 0);
    if (removed > 0) log.info({ removed }, 'removed drafts that killed starts had left in the history');
  };
  return buildService({
    info: {
      title: "lobbie's API",
      version,
      description: 'Each container makes a file; every container lists them all.',
    },
    config,
    routes: async (app) => {
      addRoutes(app, await file, listing);
      let again: NodeJS.Timeout | undefined;
      // Once it listens, because going through a long history takes time and must not delay a start.
      app.addHook('onListen', async () => {
        again = setTimeout(() => void sweep(app.log), sweepAgainMs).unref();
        sweep(app.log);
      });
      app.addHook('onClose', async () => clearTimeout(again));
    },
    ...(logStream === undefined ? {} : { logStream }),
  });
}
