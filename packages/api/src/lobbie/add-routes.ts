import type { FastifyInstance } from 'fastify';
import { ServiceError } from '../service/service-error.ts';
import { FILE_NAME } from './file-name.ts';
import type { HistoryListing } from './history-listing.ts';
import { pageOf } from './page-of.ts';

const fileNameSchema = { type: 'string', pattern: FILE_NAME.source } as const;

/** `/`, `/file` and `/files`. */
export function addRoutes(app: FastifyInstance, own: string, listing: HistoryListing): void {
  app.get('/', { schema: rootSchema }, () => ({
    message: 'Hello from lobbie: this container made a file, and lists the files of all before it.',
    links: {
      file: '/file',
      files: '/files',
      health: '/health',
      ready: '/ready',
      metrics: '/metrics',
      openapi: '/openapi.json',
    },
  }));

  // The answer stays the same while the container lives.
  const answer = JSON.stringify({ file: own });
  app.get('/file', { schema: fileSchema }, (_request, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').send(answer);
  });

  app.get<{ Querystring: { limit: number; after?: string } }>('/files', { schema: filesSchema }, async (request) => {
    const { limit, after } = request.query;
    const sorted = await listing.read().catch((cause: unknown) => {
      throw new ServiceError(503, 'The history cannot be read.', { cause });
    });
    if (after === undefined) return pageOf(sorted, { limit, own });
    const file = listing.find(after);
    if (file === undefined) throw new ServiceError(400, '"after" must be a file in the history.');
    return pageOf(sorted, { limit, own, after: file });
  });
}

const rootSchema = {
  summary: 'A greeting and the links',
  response: {
    200: {
      description: 'A greeting',
      type: 'object',
      required: ['message', 'links'],
      properties: { message: { type: 'string' }, links: { type: 'object', additionalProperties: { type: 'string' } } },
    },
  },
} as const;

const fileSchema = {
  summary: 'The file this container made for itself',
  response: {
    200: { description: 'Its name', type: 'object', required: ['file'], properties: { file: fileNameSchema } },
  },
} as const;

const filesSchema = {
  summary: 'The files of all other containers, oldest first',
  querystring: {
    type: 'object',
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: 10_000, default: 1000, description: 'Most names on a page' },
      after: { ...fileNameSchema, description: 'The page begins after this file' },
    },
  },
  response: {
    200: {
      description: 'A page of names',
      type: 'object',
      required: ['files'],
      properties: {
        files: { type: 'array', items: fileNameSchema },
        next: {
          ...fileNameSchema,
          description: 'The last name of the page, if there are more; use it as "after"',
        },
      },
    },
  },
} as const;
