import type { FastifyInstance } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { ServiceError } from './service-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route has an answer of its own to a path whose parameter is empty, such as `/files/` for `/files/:name`. */
    takesEmptyParameter?: boolean;
  }
}

/**
 * Answers 405 with `Allow` to a known path under a wrong method, and 404 to an unknown path, whatever the body is. A path
 * that leaves a parameter empty is unknown, unless the route takes it.
 */
export function refuseMethods(service: FastifyInstance, maxParamLength: number): void {
  // Fastify's own router tells nobody which other methods a path has.
  const router = createRouter({ maxParamLength });
  const methods = new Set<HTTPMethod>();
  service.addHook('onRoute', (route) => {
    for (const method of [route.method].flat() as HTTPMethod[]) {
      methods.add(method);
      if (!router.hasRoute(method, route.url)) router.on(method, route.url, () => undefined);
    }
  });
  // Not as Fastify's handler for what is not found, which comes after the body: that would be refused first.
  service.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) {
      const isUnknown =
        hasEmpty(request.params as Parameters) && request.routeOptions.config.takesEmptyParameter !== true;
      done(isUnknown ? nothingHere() : undefined);
      return;
    }
    const path = (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
    const allowed = [...methods].filter((method) => knows(router.find(method, path))).sort();
    if (allowed.length === 0) {
      done(nothingHere());
      return;
    }
    reply.header('allow', allowed.join(', '));
    done(new ServiceError(405, `The method ${request.method} is not allowed here.`));
  });
}

type Parameters = Readonly<Record<string, string | undefined>>;

const nothingHere = (): ServiceError => new ServiceError(404, 'There is nothing here.');

const knows = (found: { readonly params: Parameters } | null): boolean => found !== null && !hasEmpty(found.params);

function hasEmpty(parameters: Parameters): boolean {
  // Most routes have none, and a list of none is not made for each request.
  for (const name in parameters) if (parameters[name] === '') return true;
  return false;
}
