import type { FastifyInstance } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { ServiceError } from './service-error.ts';

/** Answers 405 with `Allow` to a known path under a wrong method, and 404 to an unknown path. */
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
  service.setNotFoundHandler((request, reply) => {
    const path = (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
    const allowed = [...methods].filter((method) => router.find(method, path) !== null).sort();
    if (allowed.length === 0) throw new ServiceError(404, 'There is nothing here.');
    reply.header('allow', allowed.join(', '));
    throw new ServiceError(405, `The method ${request.method} is not allowed here.`);
  });
}
