import fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { answerBrokenConnection } from './answer-broken-connection.ts';
import { answerErrors, type ErrorPage } from './answer-error.ts';
import { answerInsteadOfNode } from './answer-instead-of-node.ts';
import { type ApiTitle, describeApi, type RouteGuard } from './describe-api.ts';
import { exposeHealth } from './expose-health.ts';
import { exposeMetrics } from './expose-metrics.ts';
import { guardPaths } from './guard-paths.ts';
import { Lifecycle, type ReadinessCheck } from './lifecycle.ts';
import { isTooMuchLeft, lingerAfterAnswers } from './linger.ts';
import { type LogStream, logOptions } from './log-options.ts';
import { parseBodies } from './parse-bodies.ts';
import { refuseMethods } from './refuse-methods.ts';
import type { ServiceConfig } from './service-config.ts';
import { validateRequests } from './validate-requests.ts';

/** A service that is built but does not listen yet. */
export interface Service {
  readonly app: FastifyInstance;
  readonly lifecycle: Lifecycle;
}

export interface ServiceOptions {
  readonly info: ApiTitle;
  readonly config: ServiceConfig;
  /** Adds the service's own routes and plugins. */
  readonly routes: (app: FastifyInstance) => void | Promise<void>;
  /** Checked by `/ready`, in addition to the service's own state. */
  readonly checks?: readonly ReadinessCheck[];
  readonly metrics?: (registry: Registry) => void;
  /** Who may read metrics and the OpenAPI document. Default: everybody. */
  readonly guards?: { readonly metrics?: RouteGuard; readonly openapi?: RouteGuard };
  /** Proxies whose X-Forwarded headers are trusted, as Fastify's `trustProxy`. */
  readonly trustProxy?: boolean | string | string[];
  /** Error pages for a service that is used with a browser. Default: JSON. */
  readonly errorPage?: ErrorPage;
  readonly logStream?: LogStream;
}

/**
 * Names of 255 bytes are 765 characters if every byte is percent-encoded. Four times that is still a reasonable URL.
 */
const MAX_PARAM_LENGTH = 3072;

/** Builds a Fastify service with safe values for all defaults that cause problems in small APIs. */
export async function buildService(options: ServiceOptions): Promise<Service> {
  const { config } = options;
  const answerError = answerErrors(options.errorPage);
  const app = fastify({
    logger: logOptions(config, options.logStream),
    // Logging each request halves a small service's throughput. Errors are logged, and requests are counted.
    logController: new fastify.LogController({ disableRequestLogging: true }),
    // A child logger per request costs more than all hooks. Log lines about a request contain its id.
    childLoggerFactory: (logger) => logger,
    bodyLimit: config.BODY_LIMIT_BYTES,
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    keepAliveTimeout: config.KEEP_ALIVE_TIMEOUT_MS,
    trustProxy: options.trustProxy ?? false,
    http: { requireHostHeader: false },
    // While the service stops, requests on open connections are still answered, and told that the connection closes.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: answerError,
    clientErrorHandler: answerBrokenConnection,
  });
  const lifecycle = new Lifecycle(options.checks);
  app.addHook('preClose', (done) => {
    lifecycle.markDraining();
    done();
  });
  // Fastify says so only to later requests. A request in flight would keep its connection, and the process, open.
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (lifecycle.state === 'draining' || isTooMuchLeft(request.raw)) reply.header('connection', 'close');
    done();
  });
  app.setErrorHandler(answerError);
  lingerAfterAnswers(app.server);
  answerInsteadOfNode(app);
  validateRequests(app);
  guardPaths(app);
  parseBodies(app);
  refuseMethods(app, MAX_PARAM_LENGTH);
  describeApi(app, options.info, options.guards?.openapi);
  exposeMetrics(app, options.metrics, options.guards?.metrics);
  exposeHealth(app, lifecycle);
  await options.routes(app);
  await app.ready();
  return { app, lifecycle };
}
