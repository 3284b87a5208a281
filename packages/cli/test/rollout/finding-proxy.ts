import type { Engine } from '../../src/model/engine.ts';
import { RUN_LABELS, runName } from '../run/run-name.ts';
import { type Discoverer, startDiscoverer } from './discoverer.ts';
import { NODE_IMAGE } from './test-project.ts';

/** A reverse proxy in a network of its own, that sends requests to what it finds in there. */
export interface FindingProxy extends AsyncDisposable {
  /** Name of the network; services of the project join it. */
  readonly network: string;
  /** Has it follow what happens to a project, until the proxy is disposed of. */
  follow(project: string): Promise<Discoverer>;
  /** Where a host is asked as one of the three would: `http://127.0.0.1:…/traefik/web.test/`. */
  urlOf(finder: 'traefik' | 'nginxProxy' | 'caddy', host: string): string;
}

/** It tries one address a request, in turn, and nothing twice. */
const PROXY = `
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true });
let routes = {};
let turn = 0;
http.createServer((request, response) => {
  if (request.method === 'PUT') {
    let body = '';
    request.on('data', (part) => { body += part; }).on('end', () => { routes = JSON.parse(body); response.end('{}'); });
    return;
  }
  const [, finder, host, ...rest] = request.url.split('/');
  const found = routes[finder]?.[host] ?? [];
  if (found.length === 0) { response.statusCode = 503; return response.end('nobody was found'); }
  const [address, port] = found[turn++ % found.length].split(':');
  const { connection, ...headers } = request.headers;
  const asked = http.request({ host: address, port, agent, method: request.method, path: '/' + rest.join('/'), headers: { ...headers, host } }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  asked.on('error', (error) => { if (!response.headersSent) response.statusCode = 502; response.end(String(error)); });
  request.pipe(asked);
}).listen(8080);
`;

/** Makes the network and the proxy. It is disposed of after what joins the network. */
export async function startFindingProxy(engine: Engine): Promise<FindingProxy> {
  const network = runName('proxy');
  await engine.createNetwork({ name: network, labels: RUN_LABELS });
  const container = await engine.createContainer({
    name: runName('proxy'),
    image: NODE_IMAGE,
    labels: RUN_LABELS,
    entrypoint: ['node', '-e', PROXY],
    networks: [{ name: network, aliases: [] }],
    ports: [{ target: 8080, published: 0, protocol: 'tcp' }],
    init: true,
  });
  await engine.startContainer(container);
  const port = (await engine.inspectContainer(container))?.ports[0]?.published;
  const base = `http://127.0.0.1:${port}`;
  const tell = async (routes: unknown): Promise<void> => {
    // Until it listens.
    for (;;) {
      const told = await fetch(base, { method: 'PUT', body: JSON.stringify(routes) }).catch(() => undefined);
      if (told?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  let discoverer: Discoverer | undefined;
  return {
    network,
    async follow(project) {
      discoverer = await startDiscoverer(engine, project, network, tell);
      return discoverer;
    },
    urlOf: (finder, host) => `${base}/${finder}/${host}/`,
    async [Symbol.asyncDispose]() {
      discoverer?.stop();
      await engine.removeContainer(container, { force: true });
      await engine.removeNetwork(network);
    },
  };
}
