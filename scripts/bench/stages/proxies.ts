import type { ContainerSpec } from '../../../packages/cli/src/model/container.ts';
import type { Bench } from '../bench.ts';
import { ensureIngressImage } from '../ingress-image.ts';
import { type LoadContainer, startLoadContainer } from '../load/load-container.ts';
import { writeProject } from '../project.ts';
import { LOBBIE, type Stage } from '../scenario.ts';

/** A service, and three ways to it. */
export interface Proxies {
  /** The container of lobbie's ingress. All URLs have the containers' own addresses. */
  readonly ingress: string;
  readonly ingressUrl: string;
  /** HAProxy by hand: in a container of the same image, in the same network. */
  readonly byHand: string;
  readonly byHandUrl: string;
  /** Past both. */
  readonly directUrl: string;
  /** Undefined if its image cannot be built here. */
  readonly load: LoadContainer | undefined;
}

const BIG_BYTES = 1024 * 1024;

/** HAProxy itself answers: `ok`, and 1 MB at `/big`. So the service is never slower than what stands in front of it. */
const ORIGIN = [
  'global',
  `  tune.bufsize ${BIG_BYTES + 65_536}`,
  'defaults',
  '  mode http',
  '  timeout client 60s',
  '  timeout http-keep-alive 60s',
  'frontend web',
  '  bind :3000',
  '  http-request return status 200 content-type text/plain file /tmp/big if { path /big }',
  '  http-request return status 200 content-type text/plain string ok',
];

/** What somebody would write who replaces nothing: one server, checked each second as the ingress does. */
const BY_HAND = [
  'defaults',
  '  mode http',
  '  timeout connect 5s',
  '  timeout client 60s',
  '  timeout server 60s',
  'frontend web',
  '  bind :3000',
  '  default_backend web',
  'backend web',
  '  server web web:3000 check inter 1s',
];

export const proxies: Stage<Proxies> = {
  name: 'a service and its proxies',
  prepare: async (bench) => {
    const image = await ensureIngressImage(bench);
    const script = `head -c ${BIG_BYTES} /dev/zero | tr '\\0' x > /tmp/big; ${haproxy(ORIGIN)}`;
    // Projects must not use the name of lobbie's own image.
    const origin = `${bench.name('origin')}:1`;
    await bench.engine.tagImage(image, origin);
    const project = await writeProject(bench, LOBBIE, {
      web: {
        image: origin,
        entrypoint: ['sh', '-c', script],
        ports: [{ target: 3000 }],
        deploy: { update_config: { monitor: '0s' } },
      },
    });
    await bench.lobbie('deploy', ...project.argv);
    const labels = { 'dev.lobbie.project': project.name };
    const [replica] = await bench.engine.listContainers({ ...labels, 'dev.lobbie.role': 'replica' });
    const [ingress] = await bench.engine.listContainers({ ...labels, 'dev.lobbie.role': 'ingress' });
    const [network, address] = Object.entries(replica?.addresses ?? {})[0] ?? [];
    if (ingress === undefined || network === undefined) throw new Error(`Project ${project.name} has no ingress.`);
    const byHand = await startByHand(bench, { image, network, address: `${address}` });
    return {
      ingress: ingress.id,
      byHand,
      ingressUrl: await urlOf(bench, ingress.id, network),
      byHandUrl: await urlOf(bench, byHand, network),
      directUrl: `http://${address}:3000`,
      load: await startLoadContainer(bench),
    };
  },
};

const urlOf = async ({ engine }: Bench, container: string, network: string): Promise<string> =>
  `http://${(await engine.inspectContainer(container))?.addresses[network]}:3000`;

interface ByHand {
  readonly image: string;
  readonly network: string;
  /** Of the replica. */
  readonly address: string;
}

async function startByHand({ engine, name }: Bench, { image, network, address }: ByHand): Promise<string> {
  const spec: ContainerSpec = {
    name: name('by-hand'),
    image,
    labels: {},
    networks: [{ name: network, aliases: [] }],
    entrypoint: ['sh', '-c', haproxy(BY_HAND.map((line) => line.replace('web:3000', `${address}:3000`)))],
    command: [],
  };
  const id = await engine.createContainer(spec);
  await engine.startContainer(id);
  return id;
}

/** A shell command that runs HAProxy with these lines. */
const haproxy = (lines: readonly string[]): string =>
  `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} > /tmp/haproxy.cfg; exec haproxy -db -f /tmp/haproxy.cfg`;
