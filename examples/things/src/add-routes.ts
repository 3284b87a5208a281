import { sentenceOf } from '@lobbie/api/service/answer-error';
import { fileAnswerOf } from '@lobbie/api/service/file-answer';
import { ServiceError } from '@lobbie/api/service/service-error';
import type { FastifyInstance } from 'fastify';
import schema from '../data/things.schema.json' with { type: 'json' };
import type { DataFile } from './data-file.ts';

/** `/`, `/things`, `/things/<id>` and `/things/<id>/something`. */
export function addRoutes(app: FastifyInstance, data: Pick<DataFile, 'things'>): void {
  app.get('/', { schema: rootSchema }, () => ({
    current_uri: '/',
    resources: { thing: '/things/<thing>', things: '/things' },
  }));

  app.get('/things', { schema: thingsSchema }, ({ headers }, reply) => {
    const { bytes, etag } = data.things;
    // As if by HEAD, which has no ranges.
    const { status } = fileAnswerOf('HEAD', headers, { size: bytes.length, etag, modifiedMs: Number.NaN });
    if (status === 412) throw new ServiceError(412, sentenceOf(412));
    reply.headers({ etag, 'cache-control': 'no-cache' });
    if (status === 304) return reply.code(304).send();
    return reply.header('content-type', 'application/json; charset=utf-8').send(bytes);
  });

  app.get<{ Params: { id: string } }>('/things/:id', { schema: thingSchema }, (request) => {
    const thing = data.things.byId.get(request.params.id);
    if (thing === undefined) throw new ServiceError(404, 'There is no such thing.');
    return thing;
  });

  app.get('/things/:id/something', { schema: somethingSchema }, () => {
    throw new ServiceError(501, 'Things cannot do anything yet.');
  });
}

const { $schema: _, title, ...things } = schema;
const id = { type: 'object', properties: { id: { type: 'string', description: 'Compared exactly' } } } as const;

const rootSchema = {
  summary: 'What there is',
  response: {
    200: {
      description: 'Paths of the resources',
      type: 'object',
      required: ['current_uri', 'resources'],
      properties: {
        current_uri: { type: 'string' },
        resources: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
  },
} as const;

const thingsSchema = {
  summary: title,
  response: {
    200: { description: 'The whole data file, with an ETag', ...things },
    304: { description: 'What the client has is current', type: 'null' },
  },
} as const;

const thingSchema = {
  summary: 'One thing',
  params: id,
  response: { 200: { description: 'The thing', ...things.additionalProperties } },
} as const;

const somethingSchema = { summary: 'Not implemented: answers 501', params: id } as const;
