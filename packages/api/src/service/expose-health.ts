import type { FastifyInstance } from 'fastify';
import type { Lifecycle } from './lifecycle.ts';

/**
 * `GET /health`: the process answers (200, empty). `GET /ready`: requests may be sent here, otherwise 503 with the
 * reason.
 */
export function exposeHealth(service: FastifyInstance, lifecycle: Lifecycle): void {
  service.get('/health', { schema: { summary: 'Whether the process answers' } }, (_request, reply) => {
    reply.send();
  });
  service.get('/ready', { schema: { summary: 'Whether requests may be sent here' } }, async () => {
    await lifecycle.assertReady();
    return { status: 'ready' };
  });
}
