import { describe, expect, it } from 'vitest';
import type { ContainerDetails, ContainerSummary } from '../../../src/model/container.ts';
import type { Engine } from '../../../src/model/engine.ts';
import type { Plan, PlannedStep } from '../../../src/model/plan.ts';
import type { Project } from '../../../src/model/project.ts';
import type { PublishedPort, Service } from '../../../src/model/service.ts';
import type { ToldStep } from '../../../src/model/step.ts';
import { checkForeign } from '../../../src/rollout/checks/check-foreign.ts';
import { aProject, aService, aWebService } from '../a-service.ts';
import { scriptedEngine } from '../scripted-engine.ts';

const summary = (change: Partial<ContainerSummary>): ContainerSummary => ({
  imageId: 'sha256:app:1',
  id: 'c',
  name: 'other',
  image: 'i',
  labels: {},
  state: 'running',
  health: 'none',
  addresses: {},
  heldAddresses: {},
  ports: [],
  exitCode: undefined,
  ...change,
});
const publishing = (
  published: number,
  protocol: PublishedPort['protocol'] = 'tcp',
  change: Partial<ContainerSummary> = {},
) => summary({ ports: [{ hostIp: '0.0.0.0', published, target: 1, protocol }], ...change });
const planOf = (...steps: Omit<ToldStep, 'reason'>[]): Plan<ToldStep> => ({
  orphans: [],
  steps: steps.map(
    (step, at): PlannedStep<ToldStep> => ({ id: String(at), after: [], step: { ...step, reason: '' } as ToldStep }),
  ),
});
const starts = (service: string) =>
  ({ kind: 'start-replica', replica: { service, index: 1 }, container: `p-${service}-1-r`, spec: '' }) as const;
const fronts = (service: string) =>
  ({ kind: 'create-ingress', service, container: 'in', spec: '' }) as Omit<ToldStep, 'reason'>;

const check = (
  plan: Plan<ToldStep>,
  project: Project,
  there: ContainerSummary[],
  engine: Partial<Engine> = {},
): Promise<void> =>
  checkForeign({ ...scriptedEngine(), listAllContainers: async () => there, ...engine }, plan, project);
const udp = (change: Partial<Service> = {}) =>
  aService('dns', { ports: [{ target: 53, published: 5353, protocol: 'udp' }], ...change });

describe('checkForeign', () => {
  it('tells who holds the port of an ingress, or of a replica itself', async () => {
    const web = aProject([aWebService('web', 8080)]);
    await expect(check(planOf(fronts('web')), web, [publishing(8080)])).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: 'Port 8080 of service web is in use by container other.',
    });
    await expect(check(planOf(starts('dns')), aProject([udp()]), [publishing(5353, 'udp')])).rejects.toMatchObject({
      message: 'Port 5353/udp of service dns is in use by container other.',
    });
  });

  it.each([
    ['::', '::1', true],
    ['::1', '::', true],
    ['::', undefined, true],
    ['::', '0.0.0.0', false],
    ['127.0.0.1', '::', false],
  ])('knows that a container on %s takes the port of one on %s: %s', async (held, hostIp, taken) => {
    const there = summary({ ports: [{ hostIp: held, published: 5353, target: 1, protocol: 'udp' }] });
    const port = { target: 53, published: 5353, protocol: 'udp', ...(hostIp !== undefined && { hostIp }) } as const;
    const checked = check(planOf(starts('dns')), aProject([udp({ ports: [port] })]), [there]);
    await (taken ? expect(checked).rejects.toMatchObject({ code: 'PORT_IN_USE' }) : checked);
  });

  it.each(['paused', 'restarting'] as const)('knows that a container which is %s keeps its port', async (state) => {
    const there = publishing(5353, 'udp', { state });
    const checked = check(planOf(starts('dns')), aProject([udp()]), [there]);
    await expect(checked).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  });

  it('is content with a port of the other protocol, one that nothing starts on, and one of a range', async () => {
    await check(planOf(starts('dns')), aProject([udp()]), [publishing(5353, 'tcp')]);
    await check(planOf(starts('web')), aProject([aWebService('web', 8080)]), [publishing(8080)]);
    const range = [{ target: 53, published: 5353, publishedEnd: 5360, protocol: 'udp' }] as const;
    await check(planOf(starts('dns')), aProject([udp({ ports: range })]), [publishing(5353, 'udp')]);
  });

  it('lets the plan hand ports over, inside the project and from docker compose', async () => {
    const labels = { 'com.docker.compose.project': 'p' };
    const holder = publishing(8080, 'tcp', { name: 'former', labels });
    const plan = planOf(fronts('web'), { kind: 'stop-former', service: 'old', container: 'former' } as Omit<
      ToldStep,
      'reason'
    >);
    await check(plan, aProject([aWebService('web', 8080)]), [holder]);
  });

  it('names --remove-orphans when the port is held by what the file no longer has', async () => {
    const holder = publishing(8080, 'tcp', { name: 'p-old', labels: { 'dev.lobbie.project': 'p' } });
    await expect(check(planOf(fronts('web')), aProject([aWebService('web', 8080)]), [holder])).rejects.toMatchObject({
      hint: 'It is no longer in the Compose file. Remove it: lobbie deploy --remove-orphans',
    });
  });

  it('does not take a container for its own because the image says so', async () => {
    const labels = { 'dev.lobbie.project': 'p', 'dev.lobbie.role': 'ingress' };
    const engine = scriptedEngine();
    engine.images.set('poser:1', { labels });
    const holder = publishing(8080, 'tcp', { name: 'poser', imageId: 'sha256:poser:1', labels });
    const { inspectImage } = engine;
    const web = aProject([aWebService('web', 8080, { containerName: 'poser' })]);
    await expect(check(planOf(fronts('web')), web, [holder], { inspectImage })).rejects.toMatchObject({
      message: 'Port 8080 of service web is in use by container poser.',
      hint: 'Free it: docker stop poser',
    });
    const inspectContainer = async (name: string) => (name === 'poser' ? (holder as ContainerDetails) : undefined);
    await expect(check(planOf(fronts('web')), web, [], { inspectImage, inspectContainer })).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: 'Another container already has the container_name poser of service web.',
    });
  });

  it('tells who has a static address', async () => {
    const fixed = aService('db', { networks: [{ key: 'default', aliases: [], ipv4Address: '10.1.0.5' }] });
    const holder = summary({ addresses: { p_default: '10.1.0.5' } });
    await expect(check(planOf(starts('db')), aProject([fixed]), [holder])).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: 'Container other already has the address 10.1.0.5 of service db in network p_default.',
    });
  });

  it('tells when a container name or a network is that of another, and takes those of docker compose', async () => {
    const named = aProject([aWebService('web', 0, { containerName: 'the-web' })]);
    const labelled = (labels: Record<string, string>): Partial<Engine> => ({
      inspectContainer: async () => summary({ name: 'the-web', labels }) as ContainerDetails,
      inspectNetwork: async () => ({ id: 'n', labels, driver: 'bridge', driverOpts: {}, pools: [] }),
    });
    await check(planOf(fronts('web')), named, [], labelled({ 'com.docker.compose.project': 'p' }));
    await expect(
      check(planOf(fronts('web')), named, [], labelled({ 'com.docker.compose.project': 'q' })),
    ).rejects.toMatchObject({
      code: 'NAME_TAKEN',
    });
  });
});
