import { buildService, type Service } from '@lobbie/api/service/build-service';
import type { LogStream } from '@lobbie/api/service/log-options';
import { addDownloadRoutes } from './add-download-routes.ts';
import { addPageRoutes } from './add-page-routes.ts';
import { addUploadRoutes } from './add-upload-routes.ts';
import { errorPageOf } from './error-page.ts';
import type { FileShareConfig } from './file-share-config.ts';
import { openFolder } from './folder.ts';
import { readPageParts } from './page-parts.ts';

/** How often drafts of dead containers are looked for. */
const SWEEP_EVERY_MS = 600_000;

/** How much longer than any upload may take its draft is kept. */
const SWEEP_MARGIN_MS = 600_000;

export interface FileShareOptions {
  readonly config: FileShareConfig;
  readonly version: string;
  readonly nowMs: () => number;
  readonly logStream?: LogStream;
}

/** The service, and what has to be removed should the process end before its uploads. */
export interface FileShare extends Service {
  readonly drafts: ReadonlySet<string>;
}

/** Builds the service on its folder. Throws StartError when that cannot be used. */
export async function buildFileShare({ config, version, nowMs, logStream }: FileShareOptions): Promise<FileShare> {
  const folder = await openFolder({
    directory: config.FILES_DIR,
    maxFileBytes: config.MAX_FILE_BYTES,
    maxFolderBytes: config.MAX_FOLDER_BYTES,
    staleMs: config.REQUEST_TIMEOUT_MS + SWEEP_MARGIN_MS,
    nowMs,
  });
  const parts = await readPageParts();
  const service = await buildService({
    info: { title: 'File share', version, description: 'Upload and download files.' },
    config,
    checks: [() => folder.assertWritable()],
    trustProxy: config.TRUST_PROXY,
    errorPage: errorPageOf(parts),
    routes: (app) => {
      addPageRoutes(app, folder, config, parts);
      addUploadRoutes(app, folder, config);
      addDownloadRoutes(app, folder, config);
      const sweep = (): Promise<void> =>
        folder.sweep().then(
          (swept) => void (swept > 0 && app.log.info({ swept }, 'removed what dead uploads had left')),
          (error: unknown) => app.log.error({ err: error }, 'the drafts could not be looked at'),
        );
      const sweeping = setInterval(sweep, SWEEP_EVERY_MS).unref();
      app.addHook('onClose', async () => clearInterval(sweeping));
      return sweep();
    },
    ...(logStream === undefined ? {} : { logStream }),
  });
  return { ...service, drafts: folder.drafts };
}
