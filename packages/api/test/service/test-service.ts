import type { FastifyInstance } from 'fastify';
import { buildService, type Service, type ServiceOptions } from '../../src/service/build-service.ts';
import { parseConfig } from '../../src/service/parse-config.ts';
import { serviceShape } from '../../src/service/service-config.ts';

/** A service for tests: quiet. */
export function testService(
  routes: (app: FastifyInstance) => void | Promise<void> = () => {},
  env: Record<string, string> = {},
  options: Partial<ServiceOptions> = {},
): Promise<Service> {
  const config = parseConfig(serviceShape, { LOG_LEVEL: 'silent', HOST: '127.0.0.1', ...env });
  return buildService({ info: { title: 'Test', version: '1.0.0' }, config, routes, ...options });
}
