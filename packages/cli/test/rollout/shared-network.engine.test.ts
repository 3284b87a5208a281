import { expect, it } from 'vitest';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { readProject } from '../compose/project/read-project.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { type TestContext, testContext } from './test-context.ts';
import { NODE_IMAGE } from './test-project.ts';

const IDLE = 'setInterval(() => undefined, 1000)';
const ANSWER = `
const { VERSION, PORT } = process.env;
require('node:http').createServer((_, r) => r.end(VERSION)).listen(PORT, () => console.log('listens on ' + PORT));
`;
const CLIENTS = { keepAlive: 2, fresh: 2, connectionClose: 2, posts: 0, pauseMs: 40 };

interface Versions {
  readonly vpn: number;
  readonly app: number;
  /** Where the app listens; 8080 is published. */
  readonly port?: number;
  readonly condition?: string;
  readonly order?: string;
}

/** A VPN that publishes a port, and a program on its network that listens there. */
const fileOf = (mode: string, published: number, versions: Versions): string => {
  const { vpn, app, port = 8080, condition = 'service_healthy', order } = versions;
  return JSON.stringify({
    services: {
      app: {
        image: NODE_IMAGE,
        entrypoint: ['node', '-e', ANSWER],
        init: true,
        environment: { VERSION: String(app), PORT: String(port) },
        network_mode: mode,
        pid: mode,
        depends_on: { vpn: { condition } },
      },
      vpn: {
        image: NODE_IMAGE,
        container_name: `${published}-gluetun`,
        entrypoint: ['node', '-e', IDLE],
        init: true,
        environment: { VERSION: String(vpn) },
        ports: [`${published}:8080`],
        healthcheck: { test: ['CMD', 'true'], interval: '30s' },
        ...(order !== undefined && { deploy: { update_config: { order } } }),
      },
    },
  });
};

async function deploy(context: TestContext, file: string, recreate: readonly string[] = []): Promise<Receipt> {
  const { project, problems } = await readProject(`{"name": "${context.project}", ${file.slice(1)}`);
  expect(problems).toEqual([]);
  return rollOut(context, { project, command: 'deploy', recreate, asDeployed: false });
}

/** The network and the processes of the replicas of a receipt, as the kernel numbers them. */
async function namespacesOf({ engine }: TestContext, { replicas }: Receipt, service: string): Promise<string> {
  const container = replicas.find((one) => one.service === service)?.container ?? '';
  const { output } = await engine.exec(container, ['readlink', '/proc/self/ns/net', '/proc/self/ns/pid'], {
    timeoutMs: 60_000,
  });
  expect(output).toMatch(/net:\[\d+\]\s+pid:\[\d+\]/);
  return output;
}

async function expectShared(context: TestContext, receipt: Receipt): Promise<void> {
  expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [] });
  const [app, vpn] = await Promise.all(['app', 'vpn'].map((name) => namespacesOf(context, receipt, name)));
  expect(app).toBe(vpn);
}

const containerOf = ({ replicas }: Receipt, service: string): string | undefined =>
  replicas.find((one) => one.service === service)?.container;

describeEngine('a service on the network of another one', (engine) => {
  it.each([
    ['by its container_name', undefined],
    ['by its name, stop-first', 'stop-first'],
  ])('%s shares it through every change, and requests wait meanwhile', async (_, order) => {
    await using context = testContext(engine);
    const published = await freePort();
    const mode = order === undefined ? `container:${published}-gluetun` : 'service:vpn';
    const file = (versions: Versions): string => fileOf(mode, published, { ...versions, ...(order && { order }) });
    const text = async (): Promise<string> => (await fetch(`http://127.0.0.1:${published}/`)).text();

    const first = await deploy(context, file({ vpn: 1, app: 1 }));
    await expectShared(context, first);
    expect(await text()).toBe('1');
    const load = await startLoad({ url: `http://127.0.0.1:${published}/`, ...CLIENTS });

    const vpn = await deploy(context, file({ vpn: 2, app: 1 }));
    await expectShared(context, vpn);
    expect(containerOf(vpn, 'app')).not.toBe(containerOf(first, 'app'));
    await load.pass(20);

    const app = await deploy(context, file({ vpn: 2, app: 2 }));
    await expectShared(context, app);
    expect(containerOf(app, 'vpn')).toBe(containerOf(vpn, 'vpn'));
    expect(await text()).toBe('2');

    await expectShared(context, await deploy(context, file({ vpn: 2, app: 2 }), ['vpn']));
    await load.pass(20);
    const { failed, failures } = await load.stop();
    expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
    expect(await deploy(context, file({ vpn: 2, app: 2 }))).toMatchObject({ outcome: 'unchanged' });
  });

  it('is taken back with it when nobody listens on the published port', async () => {
    await using context = testContext(engine);
    const published = await freePort();
    const file = (versions: Versions): string => fileOf('service:vpn', published, versions);
    await expectShared(context, await deploy(context, file({ vpn: 1, app: 1 })));
    for (const versions of [
      { vpn: 1, app: 2, port: 9090 },
      { vpn: 2, app: 2, port: 9090 },
    ]) {
      // Both have to be looked at once they run, so the gate takes its time.
      const bad = await deploy({ ...context, gateTimeoutMs: 40_000 }, file(versions));
      expect(bad).toMatchObject({ outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
      expect(bad.error?.hint).toContain('neither it nor app, which shares its network, listens on port 8080');
      expect(await (await fetch(`http://127.0.0.1:${published}/`)).text()).toBe('1');
    }
    expect(await deploy(context, file({ vpn: 1, app: 1 }))).toMatchObject({ outcome: 'unchanged' });
  });
});
