import type { FastifyInstance } from 'fastify';
import type { Histogram, Registry } from 'prom-client';
import { countRequests, DURATION_BUCKETS_S, type RequestSeries } from './count-requests.ts';
import { guarded, type RouteGuard } from './describe-api.ts';

const NAME = 'http_request_duration_seconds';

/**
 * `GET /metrics` for Prometheus: requests by route, method and status, and metrics of the process. `extend` adds a
 * service's own metrics; it is called once, at the first scrape.
 */
export function exposeMetrics(
  service: FastifyInstance,
  extend?: (registry: Registry) => void,
  guard?: RouteGuard,
): void {
  const requests = countRequests(service);
  let loading: Promise<Registry> | undefined;
  service.get('/metrics', guarded({ summary: 'Metrics for Prometheus' }, guard), async (_request, reply) => {
    loading ??= loadRegistry(requests, extend);
    const registry = await loading;
    reply.header('content-type', registry.contentType);
    return registry.metrics();
  });
}

async function loadRegistry(
  requests: ReadonlyMap<string, RequestSeries>,
  extend?: (registry: Registry) => void,
): Promise<Registry> {
  const { default: client } = await import('prom-client');
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry });
  const durations = {
    name: NAME,
    get: async () => ({
      name: NAME,
      help: 'Time from a request to the end of its answer.',
      type: 'histogram',
      aggregator: 'sum',
      values: [...requests.values()].flatMap(toValues),
    }),
  };
  // A registry uses only name and get() of a metric. The library's Histogram cannot be set from counts.
  registry.registerMetric(durations as unknown as Histogram);
  extend?.(registry);
  return registry;
}

function toValues({ labels, count, sumSeconds, buckets }: RequestSeries) {
  let below = 0;
  return [
    ...DURATION_BUCKETS_S.map((le, index) => {
      below += buckets[index] as number;
      return { metricName: `${NAME}_bucket`, labels: { le, ...labels }, value: below };
    }),
    { metricName: `${NAME}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
    { metricName: `${NAME}_sum`, labels, value: sumSeconds },
    { metricName: `${NAME}_count`, labels, value: count },
  ];
}
