import { expect, it } from 'vitest';
import type { Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { Service } from '../../src/model/service.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';
import { askEngine } from '../promises/ask-engine.ts';
import { discoveredProject, ROUTING_LABELS } from './discovered-project.ts';
import { expectNothingLost } from './expect-nothing-lost.ts';
import { startFindingProxy } from './finding-proxy.ts';
import { type TestContext, testContext } from './test-context.ts';
import type { TestProjectOptions } from './test-project.ts';

/** One address, and that at the port of the service. */
const FOUND = { 'api.test': [expect.stringMatching(/:3000$/)] };

const deploy = (context: TestContext, project: Project): Promise<Receipt> =>
  rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });

describeEngine('a service that reverse proxies find', (engine) => {
  it.each(['traefik', 'nginxProxy', 'caddy'] as const)(
    'loses no request through rollouts as %s finds it: start-first, stop-first, one that fails, a scale',
    async (finder) => {
      await using proxy = await startFindingProxy(engine);
      await using context = testContext(engine);
      const discoverer = await proxy.follow(context.project);
      const roll = (options: Partial<TestProjectOptions>) =>
        deploy(context, discoveredProject(context, proxy.network, options));
      const stopFirst = {
        update: { parallelism: 1, delayMs: 0, failureAction: 'rollback', maxFailureRatio: 0, order: 'stop-first' },
      } as const;
      await roll({ version: '1' });
      await discoverer.settle();
      discoverer.forget();
      const load = await startLoad({
        url: proxy.urlOf(finder, 'api.test'),
        keepAlive: 6,
        fresh: 4,
        posts: 0.2,
        pauseMs: 40,
      });
      const outcomes: string[] = [];
      for (const options of [
        { version: '2' },
        { version: '3', fail: 'exit' },
        { version: '4', replicas: 3 },
        { version: '5', replicas: 1, service: stopFirst },
        { version: '6', replicas: 1, service: stopFirst },
      ] as const)
        outcomes.push(await roll(options).then(({ outcome }) => outcome));
      await load.pass(100);
      const result = await load.stop();
      await discoverer.settle();
      expect(outcomes).toEqual(['deployed', 'failed-restored', 'deployed', 'deployed', 'deployed']);
      await expectNothingLost(context, result);
      // It looked whenever a container started or ended, and saw the one ingress each time.
      expect(discoverer.looks).toBeGreaterThan(outcomes.length);
      expect(discoverer.routes).toEqual({ traefik: FOUND, nginxProxy: FOUND, caddy: FOUND });
      expect(discoverer.changes).toEqual([]);
    },
  );

  it('is found at its replicas where the file says so, and the ingress is not', async () => {
    await using proxy = await startFindingProxy(engine);
    await using context = testContext(engine);
    const discoverer = await proxy.follow(context.project);
    const ports: Service['ports'] = [{ target: 3000, published: 0, protocol: 'tcp' }];
    const roll = (version: string) =>
      deploy(
        context,
        discoveredProject(context, proxy.network, { version, service: { discovery: 'replicas', ports } }),
      );
    await roll('1');
    // Traefik leaves out what is not healthy yet by the engine's own checks.
    const counted = async () => {
      await discoverer.settle();
      return Object.values(discoverer.routes).map((table) => table['api.test']?.length);
    };
    await expect.poll(counted).toEqual([2, 2, 2]);
    discoverer.forget();
    await roll('2');
    await discoverer.settle();
    // This is what a rollout is like for a proxy otherwise: the addresses come and go.
    expect(discoverer.changes.length).toBeGreaterThan(1);
  });

  it('is found under a changed label, by a new ingress that knows the replicas', async () => {
    await using proxy = await startFindingProxy(engine);
    await using context = testContext(engine);
    const discoverer = await proxy.follow(context.project);
    const first = await deploy(context, discoveredProject(context, proxy.network, {}));
    const labels = { ...ROUTING_LABELS, 'traefik.http.routers.api.rule': 'Host(`new.test`)', caddy: 'new.test' };
    const second = await deploy(context, discoveredProject(context, proxy.network, { service: { labels } }));
    // The replicas are the same.
    expect(second.outcome).toBe('deployed');
    expect(second.replicas.map(({ container }) => container)).toEqual(first.replicas.map(({ container }) => container));
    await discoverer.settle();
    const address = expect.stringMatching(/:3000$/);
    expect(discoverer.routes).toEqual({
      traefik: { 'new.test': [address] },
      nginxProxy: { 'api.test': [address] },
      caddy: { 'new.test': [address] },
    });
    expect((await fetch(proxy.urlOf('traefik', 'new.test'))).status).toBe(200);
    expect((await fetch(proxy.urlOf('traefik', 'api.test'))).status).toBe(503);
  });

  it('shows exactly its ports, its networks and no healthcheck, and its replicas show nothing', async () => {
    await using proxy = await startFindingProxy(engine);
    await using context = testContext(engine);
    const labels = { ...ROUTING_LABELS, 'com.example.team': 'a' };
    await deploy(context, discoveredProject(context, proxy.network, { replicas: 1, service: { labels } }));
    const inspect = async (role: string): Promise<Inspected> => {
      const [found] = await engine.listContainers({ 'dev.lobbie.project': context.project, 'dev.lobbie.role': role });
      return (await askEngine(engine, `/containers/${found?.id}/json`)) as Inspected;
    };
    const [ingress, replica] = await Promise.all([inspect('ingress'), inspect('replica')]);
    expect(ingress.Config.Labels).toMatchObject({
      ...ROUTING_LABELS,
      'com.docker.compose.project': context.project,
      'com.docker.compose.service': 'api',
      // Compose itself leaves it alone.
      'com.docker.compose.oneoff': 'True',
    });
    expect(ingress.Config.Labels).not.toHaveProperty('com.example.team');
    expect(ingress.Config.ExposedPorts).toEqual({ '3000/tcp': {} });
    expect(ingress.State).not.toHaveProperty('Health');
    expect(ingress.Config.Env).toEqual(expect.arrayContaining(['VIRTUAL_HOST=api.test', 'VIRTUAL_PORT=3000']));
    expect(Object.keys(ingress.NetworkSettings.Networks).toSorted()).toEqual(
      [`${context.project}_default`, proxy.network].toSorted(),
    );
    expect(Object.keys(replica.Config.Labels).filter((name) => /^(traefik|caddy)/.test(name))).toEqual([
      'traefik.enable',
    ]);
    expect(replica.Config.Labels).toMatchObject({ 'com.example.team': 'a', 'traefik.enable': 'false' });
    expect(replica.Config.Env.filter((one) => one.startsWith('VIRTUAL_'))).toEqual([]);
    expect(replica.Config.Env).toEqual(expect.arrayContaining(['VERSION=1']));
  });
});

interface Inspected {
  readonly Config: {
    readonly Env: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
    readonly ExposedPorts?: Readonly<Record<string, object>>;
  };
  readonly State: object;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, object>> };
}
