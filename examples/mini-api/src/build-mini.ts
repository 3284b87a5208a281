import { buildService, type Service } from '@lobbie/api/service/build-service';
import type { LogStream } from '@lobbie/api/service/log-options';
import { requireKey } from '@lobbie/api/service/require-key';
import type { MiniConfig } from './mini-config.ts';

export interface MiniOptions {
  readonly config: MiniConfig;
  readonly version: string;
  readonly logStream?: LogStream;
}

/** Builds the service: a greeting for those who have the key, who are the only ones to see its traffic and its routes. */
export function buildMini({ config, version, logStream }: MiniOptions): Promise<Service> {
  const onRequest = requireKey('x-api-key', config.API_KEY);
  const guard = { onRequest, security };
  return buildService({
    info: {
      title: 'Mini API',
      version,
      description: 'A greeting for those who have the key.',
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-KEY' } },
    },
    config,
    guards: {
      ...(config.WITHOUT_KEY.has('metrics') ? {} : { metrics: guard }),
      ...(config.WITHOUT_KEY.has('openapi') ? {} : { openapi: guard }),
    },
    routes: (app) => {
      app.get('/', { schema, onRequest }, (_request, reply) => {
        reply.type('text/plain; charset=utf-8').send('Hello, World!');
      });
    },
    ...(logStream === undefined ? {} : { logStream }),
  });
}

const security = [{ key: [] }];

const schema = {
  summary: 'A greeting',
  security,
  response: { 200: { description: 'The greeting', content: { 'text/plain': { schema: { type: 'string' } } } } },
} as const;
