import fastify, { type FastifyInstance, type RouteOptions } from 'fastify';
import { errorSchema } from './answer-error.ts';

/** What the OpenAPI document says of the service as a whole. */
export interface ApiTitle {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** How clients show who they are, by the names that routes have in `schema.security`. */
  readonly securitySchemes?: Readonly<Record<string, ApiKeyScheme>>;
}

/** A key that clients send in a header. */
export interface ApiKeyScheme {
  readonly type: 'apiKey';
  readonly in: 'header';
  readonly name: string;
  readonly description?: string;
}

/** `GET /openapi.json`, made of the routes' own schemas when it is first asked for. */
export function describeApi(service: FastifyInstance, info: ApiTitle): void {
  const routes: RouteOptions[] = [];
  service.addHook('onRoute', (route) => {
    routes.push(route);
  });
  let document: Promise<unknown> | undefined;
  service.get('/openapi.json', { schema: { summary: 'This document' } }, async () => {
    document ??= render(routes, info);
    return document;
  });
}

async function render(routes: readonly RouteOptions[], { securitySchemes, ...info }: ApiTitle): Promise<unknown> {
  // The generator collects routes while they are added, so that it gets them again, on an instance that never listens.
  const { default: swagger } = await import('@fastify/swagger');
  const scribe = fastify({ exposeHeadRoutes: false });
  scribe.setValidatorCompiler(() => () => true);
  scribe.setSerializerCompiler(() => () => '');
  await scribe.register(swagger, {
    openapi: { openapi: '3.1.0', info, ...(securitySchemes && { components: { securitySchemes } }) },
  });
  for (const { method, url, schema, config } of routes) {
    if (method === 'HEAD') continue;
    const { schema: body, consumes } = config?.describedBody ?? {};
    const response = {
      ...(schema?.response as object | undefined),
      default: { description: 'An error', ...errorSchema },
    };
    scribe.route({
      method,
      url,
      schema: { ...schema, ...(body && { body, consumes: [...(consumes ?? [])] }), response },
      handler: () => undefined,
    });
  }
  await scribe.ready();
  return scribe.swagger();
}
