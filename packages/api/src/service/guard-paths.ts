import type { FastifyInstance } from 'fastify';
import { ServiceError } from './service-error.ts';

/**
 * Refuses paths that change their meaning once decoded: an encoded slash, backslash or NUL, and `.` or `..` as a whole
 * segment. A parameter can therefore be joined to a directory's path and stays inside it.
 */
export function guardPaths(service: FastifyInstance): void {
  service.addHook('onRequest', (request, _reply, done) => {
    const url = request.raw.url ?? '';
    if (!SUSPECT.test(url)) {
      done();
      return;
    }
    const path = url.split('?', 1)[0] ?? '';
    done(FORBIDDEN.test(path) ? new ServiceError(400, 'The path is not valid.') : undefined);
  });
}

const SUSPECT = /%|\/\.|\\/;
const FORBIDDEN = /%2f|%5c|%00|\\|\/(?:\.|%2e){1,2}(?:\/|$)/i;
