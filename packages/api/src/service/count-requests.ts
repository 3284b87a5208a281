import type { FastifyInstance } from 'fastify';

/** Upper bounds of the duration buckets, in seconds. */
export const DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Requests of one route, method and status since the start. */
export interface RequestSeries {
  readonly labels: { readonly method: string; readonly route: string; readonly status: number };
  count: number;
  sumSeconds: number;
  /** How many fell into each of {@link DURATION_BUCKETS_S}, not cumulative. Slower ones are in no bucket. */
  readonly buckets: Uint32Array;
}

/**
 * Counts every answered request. Uses plain numbers, because a Prometheus client hashes the labels of each observation,
 * and is not loaded before the first scrape.
 */
export function countRequests(service: FastifyInstance): ReadonlyMap<string, RequestSeries> {
  const all = new Map<string, RequestSeries>();
  service.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, never the path: clients could create any number of paths.
    const route = request.routeOptions.url ?? 'unknown';
    const key = `${reply.statusCode}${request.method}${route}`;
    let series = all.get(key);
    if (series === undefined) {
      series = {
        labels: { method: request.method, route, status: reply.statusCode },
        count: 0,
        sumSeconds: 0,
        buckets: new Uint32Array(DURATION_BUCKETS_S.length),
      };
      all.set(key, series);
    }
    const seconds = reply.elapsedTime / 1000;
    series.count += 1;
    series.sumSeconds += seconds;
    for (let index = 0; index < DURATION_BUCKETS_S.length; index += 1) {
      if (seconds <= (DURATION_BUCKETS_S[index] as number)) {
        series.buckets[index] = (series.buckets[index] as number) + 1;
        break;
      }
    }
    done();
  });
  return all;
}
