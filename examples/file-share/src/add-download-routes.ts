import { extname } from 'node:path';
import { lookupOf } from '@lobbie/api/service/lookup';
import { absoluteUrl } from '@lobbie/api/service/proxy-config';
import { sendFile } from '@lobbie/api/service/send-file';
import { ServiceError } from '@lobbie/api/service/service-error';
import type { FastifyInstance } from 'fastify';
import { toDiskError } from './disk-error.ts';
import { parseFileName } from './file-name.ts';
import type { FileShareConfig } from './file-share-config.ts';
import type { Folder } from './folder.ts';
import { downloadSchema, listSchema } from './schemas.ts';

/** `GET /download`, the list, and `GET /download/<name>`, a file. */
export function addDownloadRoutes(app: FastifyInstance, folder: Folder, { BASE_URL }: FileShareConfig): void {
  app.get('/download', { schema: listSchema }, async (request, reply) => {
    const names = await folder.names();
    reply.header('cache-control', 'no-cache');
    return names.map((name) => ({ filename: name, url: absoluteUrl(request, downloadPath(name), BASE_URL) }));
  });

  app.route<{ Params: { name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/download/:name',
    schema: downloadSchema,
    handler: async (request, reply) => {
      const name = parseFileName(request.params.name);
      const type = TYPES.get(extname(name).slice(1).toLowerCase()) ?? 'application/octet-stream';
      return sendFile(request, reply, { path: folder.pathOf(name), type, saveAs: name }).catch((error: unknown) => {
        if (error instanceof ServiceError && error.statusCode === 404) {
          throw new ServiceError(404, `There is no file named ${name}.`);
        }
        throw toDiskError(error);
      });
    },
  });
}

/** Where a file is found, encoded. */
export const downloadPath = (name: string): string => `/download/${encodeURIComponent(name)}`;

const TYPES = lookupOf({
  txt: 'text/plain; charset=utf-8',
  rtf: 'application/rtf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
});
