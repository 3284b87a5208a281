import { configFiles } from '../../src/ingress/config-file.ts';
import { CONFINEMENT } from '../../src/ingress/confinement.ts';
import type { Ingress } from '../../src/ingress/ingress.ts';
import { openIngress } from '../../src/ingress/open-ingress.ts';
import { CONFIG_DIRECTORY, START_COMMAND, STOP_SIGNAL } from '../../src/ingress/render-haproxy-config.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { IngressState } from '../../src/model/ingress.ts';
import { realClock } from '../../src/real-clock.ts';
import { ensureIngressImage, findIngressImage } from '../../src/rollout/images/ensure-ingress-image.ts';
import { testContext } from '../rollout/test-context.ts';
import { RUN_LABELS, runName } from '../run/run-name.ts';
import { REPLICA_SOURCE } from './replica-source.ts';

/** The state's own deadlines are patient: on a busy machine everything takes its time. */
const PATIENCE_MS = 300_000;

/** A network with an ingress and room for replicas on a real engine; all of it is gone when disposed. */
export interface IngressSetup extends AsyncDisposable {
  readonly engine: Engine;
  readonly container: string;
  readonly network: string;
  ingress: Ingress;
  /** Where port 3000 of the ingress is published, or its own address for other ports. */
  url(port?: number): string;
  /** Starts a replica and gives its addresses; it listens when this resolves. */
  startReplica(name: string, environment?: Readonly<Record<string, string>>): Promise<Replica>;
  /** Starts replicas side by side. */
  startReplicas<const Names extends readonly string[]>(...names: Names): Promise<{ [Name in keyof Names]: Replica }>;
  /** Ends a replica as a lack of memory would; its container is kept. */
  kill(replica: Replica): Promise<void>;
  /** Has a replica answer what waits at its `/held`. */
  release(replica: Replica): Promise<void>;
  /** Stops and starts the ingress, as a restart of the engine does; nobody tells it anything. */
  restart(): Promise<void>;
  /** Opens the ingress anew, as the next holder of the lease would. */
  reopen(): Promise<Ingress>;
  run(argv: readonly string[], container?: string): Promise<string>;
  /**
   * Waits until HAProxy has so many sessions at once.
   *
   * @param where `<proxy> <type>` as in `show stat`; unless said, those of the clients of port 3000
   */
  sessions(wanted: number, where?: (typeof SESSIONS)[keyof typeof SESSIONS]): Promise<void>;
  /** The lines that a replica has printed so far. */
  printed(replica: Replica): Promise<string[]>;
}

export interface Replica {
  readonly container: string;
  readonly addresses: readonly string[];
}

/** Where HAProxy counts the sessions of port 3000: a proxy and its type, as `show stat` names them. */
export const SESSIONS = {
  /** Of clients, whether they wait or are served. */
  ofClients: 'front-3000 1',
  /** Of clients of a port that passes bytes on as they are. */
  ofRawClients: 'port-3000 1',
  /** Those that were handed to replicas. */
  ofReplicas: 'port-3000 2',
} as const;

/** The state that tests start with: HTTP on port 3000, nothing admitted. */
export const emptyState: IngressState = {
  service: 'web',
  ports: [{ port: 3000, mode: 'auto' }],
  holdTimeoutMs: PATIENCE_MS,
  outageTimeoutMs: PATIENCE_MS,
  drainTimeoutMs: 10_000,
  clientTimeoutMs: 60_000,
  serverTimeoutMs: 60_000,
  slots: Array(16).fill(null),
};

export const setupIngress = async (engine: Engine, state: IngressState = emptyState): Promise<IngressSetup> => {
  const prefix = runName('ingress');
  const network = `${prefix}-net`;
  const volume = `${prefix}-config`;
  const container = `${prefix}-ingress`;
  const created: string[] = [container];
  const surroundings = testContext(engine);
  const image = await ensureIngressImage(surroundings, await findIngressImage(surroundings));
  const clear = async (): Promise<void> => {
    await Promise.all(created.map((name) => engine.removeContainer(name, { force: true })));
    await engine.removeVolume(volume);
    await engine.removeNetwork(network);
  };
  const cleared = async (error: unknown): Promise<never> => {
    await clear().catch(() => {});
    throw error;
  };
  await engine.createNetwork({ name: network, labels: RUN_LABELS });
  await engine.createVolume({ name: volume, labels: RUN_LABELS });
  await engine.createContainer({
    name: container,
    image,
    labels: RUN_LABELS,
    entrypoint: START_COMMAND,
    command: [],
    stopSignal: STOP_SIGNAL,
    networks: [{ name: network, aliases: [state.service] }],
    ports: [{ target: 3000, protocol: 'tcp', published: 0, hostIp: '127.0.0.1' }],
    ...CONFINEMENT,
    mounts: [...CONFINEMENT.mounts, { kind: 'volume', source: volume, target: CONFIG_DIRECTORY, readOnly: false }],
  });
  await engine.writeFiles(container, CONFIG_DIRECTORY, configFiles(state));
  await engine.startContainer(container);
  const find = async (): Promise<{ published: number; address: string }> => {
    const details = await engine.inspectContainer(container);
    const port = details?.ports.find(({ target }) => target === 3000);
    return { published: port?.published ?? 0, address: details?.addresses[network] ?? '' };
  };
  let { published, address } = await find();
  const run: IngressSetup['run'] = async (argv, where = container) => (await engine.exec(where, argv)).output;
  const setup: IngressSetup = {
    engine,
    container,
    network,
    ingress: await openIngress({ engine, clock: realClock }, container).catch(cleared),
    url: (port = 3000) => (port === 3000 ? `http://127.0.0.1:${published}` : `http://${address}:${port}`),
    run,
    sessions: async (wanted, where = SESSIONS.ofClients) => {
      const show = `echo "show stat ${where} -1" | socat - UNIX-CONNECT:/run/haproxy/haproxy.sock | tail -n +2 | cut -d, -f5`;
      const until = performance.now() + PATIENCE_MS;
      // Not by the global `expect.poll`: that is not for tests which run side by side.
      while (Number(await run(['sh', '-c', show])) < wanted)
        if (performance.now() > until) throw new Error(`HAProxy never had ${wanted} sessions at ${where}`);
    },
    printed: async ({ container: replica }) => {
      const lines: string[] = [];
      for await (const { text } of engine.logs(replica, {})) lines.push(text);
      return lines;
    },
    kill: async ({ container: replica }) => {
      // All but itself and the init process, which ends with its child.
      await engine.exec(replica, ['sh', '-c', 'kill -9 -1']);
      await engine.waitContainer(replica, AbortSignal.timeout(PATIENCE_MS));
    },
    release: async ({ addresses }) => {
      await (await fetch(`http://${addresses[0]}:3000/release`)).text();
    },
    restart: async () => {
      await engine.stopContainer(container, 1000);
      await engine.startContainer(container);
      ({ published, address } = await find());
      await listening(setup.url());
    },
    startReplicas: async <const Names extends readonly string[]>(...names: Names) =>
      // One replica for each name, in their order: what the mapped type says.
      (await Promise.all(names.map((name) => setup.startReplica(name)))) as { [Name in keyof Names]: Replica },
    reopen: async () => {
      setup.ingress.close();
      setup.ingress = await openIngress({ engine, clock: realClock }, container);
      return setup.ingress;
    },
    startReplica: async (name, environment = {}) => {
      const replica = `${prefix}-${name}`;
      created.push(replica);
      await engine.createContainer({
        name: replica,
        image: process.env.LOBBIE_NODE_IMAGE ?? 'lobbie-standin/node:24',
        labels: RUN_LABELS,
        entrypoint: [],
        command: ['node', '-e', REPLICA_SOURCE],
        environment,
        networks: [{ name: network, aliases: [] }],
        init: true,
        ...HARDENED,
        user: '65534:65534',
      });
      await engine.startContainer(replica);
      const addresses = Object.values((await engine.inspectContainer(replica))?.addresses ?? {});
      await listening(`http://${addresses[0]}:3000/`);
      return { container: replica, addresses };
    },
    [Symbol.asyncDispose]: async () => {
      setup.ingress.close();
      await clear();
    },
  };
  return setup;
};

const HARDENED = {
  capDrop: ['ALL'],
  securityOpt: ['no-new-privileges'],
  pidsLimit: 200,
} satisfies Partial<ContainerSpec>;

const listening = async (url: string): Promise<void> => {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};
