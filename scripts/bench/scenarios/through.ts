import type { Bench } from '../bench.ts';
import { containerUsage } from '../container-usage.ts';
import { requestsPerSecond, type Style } from '../load/requests-per-second.ts';
import { type Contestant, LOBBIE, type Scenario } from '../scenario.ts';
import { type Proxies, proxies } from '../stages/proxies.ts';

const SECONDS = 3;
const SHORT_SECONDS = 1;
const BY_HAND = 'HAProxy by hand';

/** Requests through the ingress, through HAProxy by hand in the same place, and past both. */
export const THROUGH: readonly Scenario<Proxies>[] = [
  through('through-kept', 'through the ingress, kept-alive', 'kept-alive', '/'),
  through('through-fresh', 'through the ingress, fresh connections', 'fresh', '/'),
  through('through-big', 'through the ingress, 1 MB bodies', 'kept-alive', '/big'),
  through('through-http2', 'through the ingress, HTTP/2', 'HTTP/2', '/'),
];

function through(name: string, title: string, style: Style, path: string): Scenario<Proxies> {
  return {
    name,
    title,
    sizeOf: '',
    sizes: [1],
    rounds: 5,
    warmUps: 1,
    metrics: [
      { key: 'rate', label: '', unit: 'requests/s', better: 'more', bars: [{ against: BY_HAND, limit: 0.95 }] },
      { key: 'cpu', label: 'CPU of the proxy for each', unit: 'µs', better: 'less', bars: [] },
    ],
    stage: proxies,
    contestants: (bench, { load, ingress, ingressUrl, byHand, byHandUrl, directUrl }) => {
      if (load === undefined) return [];
      const ask = (who: string, url: string, container?: string): Contestant => ({
        name: who,
        measure: async () => {
          const before = container && (await containerUsage(bench, container));
          const { requests, perSecond } = await requestsPerSecond(load, style, `${url}${path}`, secondsOf(bench));
          const after = container && (await containerUsage(bench, container));
          const known = before && after;
          return { rate: perSecond, ...(known && { cpu: (after.cpuNs - before.cpuNs) / 1000 / requests }) };
        },
      });
      return [ask(LOBBIE, ingressUrl, ingress), ask(BY_HAND, byHandUrl, byHand), ask('past it', directUrl)];
    },
  };
}

const secondsOf = ({ short }: Bench): number => (short ? SHORT_SECONDS : SECONDS);
