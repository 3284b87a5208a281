import type { FastifyInstance } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { ServiceError } from './service-error.ts';

/** Answers 405 with `Allow` to a known path under a wrong method, and 404 to an unknown path, whatever the body is. */
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
      done();
      return;
    }
    const path = (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
    const allowed = [...methods].filter((method) => router.find(method, path) !== null).sort();
    if (allowed.length === 0) {
      done(new ServiceError(404, 'There is nothing here.'));
      return;
    }
    reply.header('allow', allowed.join(', '));
    done(new ServiceError(405, `The method ${request.method} is not allowed here.`));
  });
}
