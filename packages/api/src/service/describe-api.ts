import fastify, {
  type FastifyInstance,
  type FastifySchema,
  type onRequestHookHandler,
  type RouteOptions,
} from 'fastify';
import { errorSchema } from './answer-error.ts';

/** General information in the OpenAPI document. */
export interface ApiTitle {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** How clients authenticate, by the names that routes use in `schema.security`. */
  readonly securitySchemes?: Readonly<Record<string, ApiKeyScheme>>;
}

/** A key that clients send in a header. */
export interface ApiKeyScheme {
  readonly type: 'apiKey';
  readonly in: 'header';
  readonly name: string;
  readonly description?: string;
}

/** Who may use one of the shell's own routes. Default: everybody. */
export interface RouteGuard {
  readonly onRequest: onRequestHookHandler;
  /** The entry in the OpenAPI document, as in a route's schema. */
  readonly security: readonly { readonly [scheme: string]: readonly string[] }[];
}

/** `GET /openapi.json`, generated from the routes' schemas on the first request. */
export function describeApi(service: FastifyInstance, info: ApiTitle, guard?: RouteGuard): void {
  const routes: RouteOptions[] = [];
  service.addHook('onRoute', (route) => {
    routes.push(route);
  });
  let document: Promise<unknown> | undefined;
  service.get('/openapi.json', guarded({ summary: 'This document' }, guard), async () => {
    document ??= render(routes, info);
    return document;
  });
}

/** A route's options with its guard, if it has one. */
export const guarded = (schema: FastifySchema, guard: RouteGuard | undefined): GuardedRoute =>
  guard === undefined ? { schema } : { schema: { ...schema, security: guard.security }, onRequest: guard.onRequest };

interface GuardedRoute {
  readonly schema: FastifySchema;
  readonly onRequest?: onRequestHookHandler;
}

async function render(routes: readonly RouteOptions[], { securitySchemes, ...info }: ApiTitle): Promise<unknown> {
  // The generator collects routes as they are added, so they are added again on an instance that never listens.
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
