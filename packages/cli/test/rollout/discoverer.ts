import type { Engine } from '../../src/model/engine.ts';
import { askEngine } from '../promises/ask-engine.ts';
import { listenToEngine } from '../promises/engine-events.ts';

/** Addresses by host name, by who found them: `{ traefik: { 'web.test': ['10.0.0.2:3000'] } }`. */
export type Routes = Readonly<Record<Finder, Readonly<Record<string, readonly string[]>>>>;
type Finder = 'traefik' | 'nginxProxy' | 'caddy';

/** What finds containers as three reverse proxies do, and looks anew at each event that one of them acts on. */
export interface Discoverer {
  readonly routes: Routes;
  /** Every table that differed from the one before, since the start or the last `forget`. */
  readonly changes: readonly Routes[];
  /** Events of this project's containers that it looked at. */
  readonly looks: number;
  forget(): void;
  /** Resolves once everything that has happened so far was looked at. */
  settle(): Promise<void>;
  stop(): void;
}

/**
 * Follows the events of an engine as Traefik 3 (`start`, `die`, `health_status`), docker-gen of nginx-proxy (also
 * `stop`, `connect`, `disconnect`) and caddy-docker-proxy (also `create`, `destroy`) do. Unlike them it waits for nothing
 * in between, so that no change is missed.
 *
 * @param network that the proxies share with what they find
 * @param onChange is awaited before the next look
 */
export async function startDiscoverer(
  engine: Engine,
  project: string,
  network: string,
  onChange: (routes: Routes) => Promise<void>,
): Promise<Discoverer> {
  let routes = await look(engine, project, network);
  let changes: Routes[] = [];
  let looks = 0;
  let stopped = false;
  let turn = onChange(routes);
  const again = (): void => {
    turn = turn.then(async () => {
      if (stopped) return;
      const seen = await look(engine, project, network);
      if (JSON.stringify(seen) === JSON.stringify(routes)) return;
      routes = seen;
      changes.push(seen);
      await onChange(seen);
    });
  };
  const stop = await listenToEngine(engine, { type: ['container', 'network'] }, ({ Action, Actor }) => {
    const own = Actor.Attributes?.['com.docker.compose.project'] === project || Actor.Attributes?.name === network;
    if (!own || !ACTED_ON.test(Action)) return;
    looks += 1;
    again();
  });
  again();
  return {
    get routes() {
      return routes;
    },
    get changes() {
      return changes;
    },
    get looks() {
      return looks;
    },
    forget() {
      changes = [];
      looks = 0;
    },
    async settle() {
      again();
      await turn;
    },
    stop() {
      stopped = true;
      stop();
    },
  };
}

const ACTED_ON = /^(create|start|stop|die|destroy|connect|disconnect|health_status.*)$/;

interface Wire {
  readonly Config: { readonly Env: readonly string[]; readonly Labels: Readonly<Record<string, string>> };
  readonly State: { readonly Status: string; readonly Health?: { readonly Status: string } };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, unknown>> | null;
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
}

type Found = { readonly host: string; readonly address: string };

async function look(engine: Engine, project: string, network: string): Promise<Routes> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${project}`] }));
  const listed = (await askEngine(engine, `/containers/json?all=1&filters=${filters}`)) as { Id: string }[];
  const containers = (await Promise.all(listed.map(({ Id }) => askEngine(engine, `/containers/${Id}/json`)))) as (
    | Wire
    | undefined
  )[];
  const running = containers.filter((one): one is Wire => one?.State.Status === 'running');
  const tableOf = (find: (container: Wire) => readonly Found[]): Record<string, string[]> => {
    const table: Record<string, string[]> = {};
    for (const { host, address } of running.flatMap(find)) table[host] = [...(table[host] ?? []), address].toSorted();
    return Object.fromEntries(Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  return {
    traefik: tableOf((one) => byTraefik(one, network)),
    nginxProxy: tableOf((one) => byNginxProxy(one, network)),
    caddy: tableOf((one) => byCaddy(one, network)),
  };
}

/** As `pkg/provider/docker/config.go`, with its defaults: every container is taken, unless it says otherwise. */
function byTraefik({ Config: { Labels }, State, NetworkSettings }: Wire, network: string): Found[] {
  if (Labels['traefik.enable'] === 'false') return [];
  if (State.Health !== undefined && State.Health.Status !== 'healthy') return [];
  const named = Object.entries(Labels).find(([name]) =>
    /^traefik\.http\.services\.\w+\.loadbalancer\.server\.port$/.test(name),
  );
  const port = named?.[1] ?? lowest(exposed(NetworkSettings));
  const networks = NetworkSettings.Networks;
  const ip = (networks[Labels['traefik.docker.network'] ?? network] ?? Object.values(networks)[0])?.IPAddress;
  if (port === undefined || !ip) return [];
  const rules = Object.entries(Labels).filter(([name]) => /^traefik\.http\.routers\.\w+\.rule$/.test(name));
  const hosts = rules.flatMap(([, rule]) => [...rule.matchAll(/Host\(`([^`]+)`\)/g)].map(([, host = '']) => host));
  // The default rule.
  const own = `${Labels['com.docker.compose.service']}-${Labels['com.docker.compose.project']}`;
  return (hosts.length > 0 ? hosts : [own]).map((host) => ({ host, address: `${ip}:${port}` }));
}

/** As `nginx.tmpl`: one exposed port is the one, else 80. */
function byNginxProxy({ Config: { Env }, NetworkSettings }: Wire, network: string): Found[] {
  const variable = (name: string): string | undefined =>
    Env.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const ports = exposed(NetworkSettings);
  const port = variable('VIRTUAL_PORT') ?? (ports.length === 1 ? ports[0] : '80');
  const ip = NetworkSettings.Networks[network]?.IPAddress;
  const hosts = (variable('VIRTUAL_HOST') ?? '').split(',').filter((host) => host.trim() !== '');
  return ip ? hosts.map((host) => ({ host: host.trim(), address: `${ip}:${port}` })) : [];
}

/** As `generator/containers.go`: `{{upstreams 3000}}` is the container's address in the network of Caddy. */
function byCaddy({ Config: { Labels }, NetworkSettings }: Wire, network: string): Found[] {
  const { caddy: host, 'caddy.reverse_proxy': to = '' } = Labels;
  const port = /\{\{upstreams (\d+)\}\}/.exec(to)?.[1];
  const ip = NetworkSettings.Networks[network]?.IPAddress;
  return host !== undefined && port !== undefined && ip ? [{ host, address: `${ip}:${port}` }] : [];
}

const exposed = ({ Ports }: Wire['NetworkSettings']): string[] =>
  Object.keys(Ports ?? {}).map((port) => port.split('/')[0] ?? '');

const lowest = (ports: readonly string[]): string | undefined => ports.toSorted((a, b) => Number(a) - Number(b))[0];
