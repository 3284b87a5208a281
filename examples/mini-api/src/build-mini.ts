import { buildService, type Service } from '@lobbie/api/service/build-service';
import type { LogStream } from '@lobbie/api/service/log-options';
import { requireKey } from '@lobbie/api/service/require-key';
import type { MiniConfig } from './mini-config.ts';

export interface MiniOptions {
  readonly config: MiniConfig;
  readonly version: string;
  readonly logStream?: LogStream;
}

/** Builds the service: a greeting for those who have the key. */
export const buildMini = ({ config, version, logStream }: MiniOptions): Promise<Service> =>
  buildService({
    info: {
      title: 'Mini API',
      version,
      description: 'A greeting for those who have the key.',
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-KEY' } },
    },
    config,
    routes: (app) => {
      app.get('/', { schema, onRequest: requireKey('x-api-key', config.API_KEY) }, (_request, reply) => {
        reply.type('text/plain; charset=utf-8').send('Hello, World!');
      });
    },
    ...(logStream === undefined ? {} : { logStream }),
  });

const schema = {
  summary: 'A greeting',
  security: [{ key: [] }],
  response: { 200: { description: 'The greeting', content: { 'text/plain': { schema: { type: 'string' } } } } },
} as const;
