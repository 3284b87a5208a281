import type { FastifyInstance } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { ServiceError } from './service-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route itself answers a path with an empty parameter, such as `/files/` for `/files/:name`. */
    takesEmptyParameter?: boolean;
  }
}

/**
 * Answers 405 with `Allow` to a known path with a wrong method, and 404 to an unknown path, whatever the body is. A
 * path with an empty parameter is unknown, unless the route accepts it.
 */
export function refuseMethods(service: FastifyInstance, maxParamLength: number): void {
  // Fastify's own router does not tell which other methods a path has.
  const router = createRouter({ maxParamLength });
  const methods = new Set<HTTPMethod>();
  service.addHook('onRoute', (route) => {
    for (const method of [route.method].flat() as HTTPMethod[]) {
      methods.add(method);
      if (!router.hasRoute(method, route.url)) router.on(method, route.url, () => undefined);
    }
  });
  // Not as Fastify's not-found handler, which runs after the body: a bad body would be refused first.
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
  // Most routes have no parameters. This avoids creating an empty list for each request.
  for (const name in parameters) if (parameters[name] === '') return true;
  return false;
}
