import { requestsPerSecond } from '../load/requests-per-second.ts';
import { type Contestant, LOBBIE, type Scenario } from '../scenario.ts';
import { type Api, api } from '../stages/api.ts';
import type { Server } from '../start-api.ts';

const NODE_HTTP = 'node:http';
const SECONDS = 3;

/** `GET /file`, kept-alive, past any ingress. */
export const file: Scenario<Api> = {
  name: 'file',
  title: '`GET /file`',
  sizeOf: '',
  sizes: [1],
  rounds: 5,
  warmUps: 1,
  metrics: [{ key: 'rate', label: '', unit: 'requests/s', better: 'more', bars: [{ against: NODE_HTTP, limit: 0.9 }] }],
  stage: api,
  contestants: (_, { api: server, nodeHttp, load }) => {
    if (load === undefined) return [];
    const ask = (name: string, { url }: Server): Contestant => ({
      name,
      measure: async () => ({
        rate: (await requestsPerSecond(load, 'kept-alive', `${url}/file`, SECONDS)).perSecond,
      }),
    });
    return [ask(LOBBIE, server), ask(NODE_HTTP, nodeHttp)];
  },
};
