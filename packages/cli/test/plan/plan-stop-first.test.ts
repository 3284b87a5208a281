import { describe, expect, it } from 'vitest';
import type { IngressPort } from '../../src/model/ingress.ts';
import type { ObservedState } from '../../src/model/observed.ts';
import type { Service } from '../../src/model/service.ts';
import type { Desired } from '../../src/plan/desired.ts';
import { impacts } from '../../src/plan/impacts.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { planUndo } from '../../src/plan/plan-undo.ts';
import { planLines } from '../../src/report/plan-lines.ts';
import {
  deployed,
  nothing,
  tcp,
  testDesired,
  testRelease,
  testService,
  testStore,
  testUpdate,
  udp,
} from './plan-fixtures.ts';
import { begunOf } from './random-past.ts';

const textOf = (desired: Desired, observed: ObservedState): string => {
  const plan = planRollout(desired, observed);
  return `\n${planLines(plan, impacts(desired, observed, plan)).join('\n')}\n`;
};
const plain = { report: undefined };
const without = <T extends object>(service: T): T => {
  const { report: _, ...rest } = { ...service, ...plain };
  return rest as T;
};

describe('planRollout', () => {
  const wiki = without(testStore());
  const next = without(testStore({ image: 'wiki:2' }));

  it('prepares the new container of a stop-first service before the old one is drained and stops', () => {
    expect(textOf(testDesired([next]), deployed(testDesired([wiki])))).toMatchInlineSnapshot(`
      "
      1           build-image     wiki:2        its content is new
      2  after 1  create-replica  p-wiki-1-new  image: wiki:1 → wiki:2
      3  after 2  drain-replica   p-wiki-1-old  p-wiki-1-new takes its place
      4  after 3  stop-replica    p-wiki-1-old  p-wiki-1-new takes its place
      5  after 4  start-replica   p-wiki-1-new  image: wiki:1 → wiki:2
      6  after 5  gate-replica    p-wiki-1-new  checks that it works
      7  after 6  admit-replica   p-wiki-1-new  replaces p-wiki-1-old
      8  after 7  commit-release  new           every replica passed
      9  after 8  retire-replica  p-wiki-1-old  wiki-1 was replaced

      what users will notice
        wiki  a pause of about 2 s (stop-first: volume data)
                Requests wait meanwhile. To avoid it: deploy.update_config.order: start-first, if two copies may use volume data at once.
                image: wiki:1 → wiki:2
      "
    `);
  });
  it('undoes a stop-first rollout: the new container is removed before the old one serves again', () => {
    const begun = begunOf(planRollout(testDesired([next]), deployed(testDesired([wiki]))));
    expect(`\n${planLines(planUndo(begun), []).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      1           configure-ingress  wiki          the rollout is undone
      2  after 1  drain-replica      p-wiki-1-new  the rollout is undone
      3  after 2  retire-replica     p-wiki-1-new  the rollout is undone
      4  after 3  resume-replica     p-wiki-1-old  the rollout is undone
      5  after 4  admit-replica      p-wiki-1-old  the rollout is undone
      "
    `);
  });
  it('predicts the pause of the last switch', () => {
    const before = deployed(testDesired([wiki]));
    const observed = {
      ...before,
      current: { ...testRelease('old', testDesired([wiki]).project), pausesMs: { wiki: 3140 } },
    };
    const desired = testDesired([next]);
    expect(impacts(desired, observed, planRollout(desired, observed))).toEqual([
      {
        service: 'wiki',
        notice: 'a pause of about 3.1 s (stop-first: volume data)',
        advice:
          'Requests wait meanwhile. To avoid it: deploy.update_config.order: start-first, if two copies may use volume data at once.',
        changes: ['image: wiki:1 → wiki:2'],
      },
    ]);
  });
  it('shows that a dependency of a service has a pause', () => {
    const on = (name: string) => [{ service: name, condition: 'started', required: true, restart: false } as const];
    const services = (store: Service) => [
      testService({ name: 'web', dependsOn: on('api') }),
      testService({ name: 'api', dependsOn: on('wiki') }),
      store,
      testService({ name: 'other' }),
    ];
    const desired = testDesired(services(next));
    const observed = deployed(testDesired(services(wiki)));
    const notices = impacts(desired, observed, planRollout(desired, observed)).map((one) => [one.service, one.notice]);
    const indirect = 'nothing of its own; wiki, which it depends on, has a pause of about 2 s';
    expect(Object.fromEntries(notices)).toEqual({
      web: indirect,
      api: indirect,
      wiki: 'a pause of about 2 s (stop-first: volume data)',
      other: 'nothing',
    });
  });
  it('shows a gap if nothing can hold requests', () => {
    const dns = (image: string) => without(testStore({ name: 'dns', image, mounts: [], ports: [udp(53)] }));
    expect(textOf(testDesired([dns('dns:2')]), deployed(testDesired([dns('dns:1')])))).toMatchInlineSnapshot(`
      "
      1           build-image     dns:2        its content is new
      2  after 1  create-replica  p-dns-1-new  image: dns:1 → dns:2
      3  after 2  stop-replica    p-dns-1-old  p-dns-1-new takes its place
      4  after 3  start-replica   p-dns-1-new  image: dns:1 → dns:2
      5  after 4  gate-replica    p-dns-1-new  checks that it works
      6  after 5  commit-release  new          every replica passed
      7  after 6  retire-replica  p-dns-1-old  dns-1 was replaced

      what users will notice
        dns  a gap of about 2 s (stop-first: UDP port 53)
               It cannot be avoided: only one container at a time can have UDP port 53 of the host.
               image: dns:1 → dns:2
      "
    `);
  });
  it('starts what waits for a healthy store and for a job after both', () => {
    const job = without(
      testService({
        name: 'migrate',
        image: 'm:1',
        replicas: 1,
        ports: [],
        mounts: [],
        job: true,
        restart: { name: 'no' },
        update: testUpdate(),
      }),
    );
    const api = without(
      testService({
        mounts: [],
        replicas: 1,
        dependsOn: [
          { service: 'wiki', condition: 'healthy', required: true, restart: false },
          { service: 'migrate', condition: 'completed', required: true, restart: false },
        ],
      }),
    );
    const desired = testDesired([api, { ...wiki, ports: [] }, job]);
    expect(textOf(desired, nothing)).toMatchInlineSnapshot(`
      "
       1               build-image     p-api:1            its content is new
       2               build-image     wiki:1             its content is new
       3               build-image     m:1                its content is new
       4               create-network  p_default          does not exist yet
       5               create-volume   p_data             does not exist yet
       6  after 1-5    create-ingress  p-api-ingress-new  takes the requests for the replicas
       7  after 1-5    start-replica   p-wiki-1-new       does not exist yet
       8  after 1-5    run-job         p-migrate-1-new    it runs once a release
       9  after 6      start-ingress   p-api-ingress-new  takes the requests for the replicas
      10  after 7      gate-replica    p-wiki-1-new       checks that it works
      11  after 8, 10  start-replica   p-api-1-new        does not exist yet
      12  after 9, 11  gate-replica    p-api-1-new        checks that it works
      13  after 12     admit-replica   p-api-1-new        does not exist yet
      14  after 13     commit-release  new                every replica passed

      what users will notice
        api      it becomes reachable
        wiki     nothing
        migrate  runs once
      "
    `);
    expect(planRollout(desired, deployed(desired)).steps).toEqual([]);
  });
  it('stops the ingress that gives a port up before the one that takes it starts', () => {
    const pair = (a: number, b: number) =>
      testDesired([
        without(testService({ replicas: 1, mounts: [], ports: [tcp(a, 3000)] })),
        without(testService({ name: 'web', image: 'web:1', replicas: 1, mounts: [], ports: [tcp(b, 3000)] })),
      ]);
    expect(textOf(pair(8081, 8080), deployed(pair(8080, 8081)))).toMatchInlineSnapshot(`
      "
      1              create-ingress  p-api-ingress-new  its published ports, networks or names changed
      2              create-ingress  p-web-ingress-new  its published ports, networks or names changed
      3  after 1, 2  stop-ingress    p-api-ingress-old  its ports are needed
      4  after 1, 2  stop-ingress    p-web-ingress-old  its ports are needed
      5  after 3, 4  start-ingress   p-api-ingress-new  its published ports, networks or names changed
      6  after 3, 4  start-ingress   p-web-ingress-new  its published ports, networks or names changed
      7  after 5, 6  commit-release  new                every replica passed
      8  after 7     remove-ingress  p-api-ingress-old  p-api-ingress-new took over
      9  after 7     remove-ingress  p-web-ingress-old  p-web-ingress-new took over

      what users will notice
        api  a gap of about 1 s: its published ports move to another container
               ports: 8080:3000 → 8081:3000
        web  a gap of about 1 s: its published ports move to another container
               ports: 8081:3000 → 8080:3000
      "
    `);
  });
  it('takes over from docker compose in one gap', () => {
    const composeContainer = { service: 'wiki', containerId: 'f', container: 'p-wiki-1', state: 'running' } as const;
    expect(textOf(testDesired([wiki]), { ...nothing, composeContainers: [composeContainer] })).toMatchInlineSnapshot(`
      "
       1              build-image     wiki:1              its content is new
       2              create-network  p_default           does not exist yet
       3              create-volume   p_data              does not exist yet
       4  after 1-3   create-ingress  p-wiki-ingress-new  takes the requests for the replicas
       5  after 1-3   create-replica  p-wiki-1-new        does not exist yet
       6  after 4, 5  stop-former     p-wiki-1            taken over from docker compose
       7  after 6     start-ingress   p-wiki-ingress-new  takes the requests for the replicas
       8  after 6     start-replica   p-wiki-1-new        does not exist yet
       9  after 7, 8  gate-replica    p-wiki-1-new        checks that it works
      10  after 9     admit-replica   p-wiki-1-new        does not exist yet
      11  after 10    commit-release  new                 every replica passed
      12  after 11    remove-former   p-wiki-1            taken over from docker compose

      what users will notice
        wiki  a gap of about 2 s: taken over from docker compose
      "
    `);
  });
  describe('listens to a new replica where those before it spoke first', () => {
    const service = (image: string, replicas = 2) =>
      testService({ replicas, image, mounts: [], ports: [{ protocol: 'tcp', published: 80, target: 80 }] });
    const before = testDesired([service('app:1')]);
    const there = deployed(before);
    const port: IngressPort = { port: 80, mode: 'auto', speaksFirst: true };
    const greeting: ObservedState = {
      ...there,
      ingresses: there.ingresses.map((one) => ({
        ...one,
        ...(one.config && { config: { ...one.config, ports: [port] } }),
      })),
    };
    const settle = (desired: Desired, observed: ObservedState) =>
      planRollout(desired, observed).steps.find(({ step }) => step.kind === 'settle-ports');

    it('once all of them are new and the old ones are drained', () => {
      const step = settle(testDesired([service('app:2')]), greeting);
      expect(step?.step).toMatchObject({ container: 'p-api-1-new', ports: [80] });
      expect(step?.after).toEqual(expect.arrayContaining(['admit api-1', 'admit api-2', 'drain p-api-1-old']));
    });
    it('and not while old ones stay, nothing starts, or connections are detected by their first bytes', () => {
      expect(settle(testDesired([service('app:1', 3)]), greeting)).toBeUndefined();
      expect(planRollout(before, greeting).steps).toEqual([]);
      expect(settle(testDesired([service('app:2')]), there)).toBeUndefined();
    });
  });
  it('names running services that are not in the file, and leaves them alone', () => {
    const plan = planRollout(testDesired([wiki]), deployed(testDesired([wiki, without(testService())])));
    expect(plan).toEqual({ steps: [], orphans: ['api'] });
  });
  describe('after two rollouts in a row that died', () => {
    const dns = without(testStore({ name: 'dns', image: 'dns:1', mounts: [], ports: [udp(53)] }));
    const taker = without(testStore({ ports: [tcp(8082, 80), udp(53)] }));
    const done = deployed(testDesired([without(testStore({ ports: [], replicas: 0 })), dns]));
    const taken = deployed(testDesired([taker]), 'r1');
    const dead = <T extends object>(one: T) => ({ ...one, deployed: false });
    const exited = { state: 'exited', health: 'none', exitCode: 143, ports: [] } as const;
    // Deployed: dns. The first rollout that died gave its port to wiki.
    const left: ObservedState = {
      ...done,
      replicas: [...done.replicas.map((one) => ({ ...one, ...exited })), ...taken.replicas.map(dead)],
      ingresses: taken.ingresses.map(dead),
      images: { ...done.images, ...taken.images },
      unfinished: testRelease('r2', testDesired([dns]).project),
    };
    const undoOf = (desired: Desired, observed: ObservedState): string =>
      `\n${planLines(planUndo(begunOf(planRollout(desired, observed))), []).join('\n')}\n`;

    it('restores the deployed state, after removing whatever holds its port', () => {
      expect(undoOf(testDesired([taker]), left)).toMatchInlineSnapshot(`
        "
        1           remove-ingress  p-wiki-ingress-r1  the rollout is undone
        2  after 1  drain-replica   p-wiki-1-r1        the rollout is undone
        3  after 2  retire-replica  p-wiki-1-r1        the rollout is undone
        4  after 3  resume-replica  p-dns-1-old        the rollout is undone
        "
      `);
    });
    it('undoes as much if it has not begun anything itself', () => {
      const { done: before = [] } = planRollout(testDesired([taker]), left);
      expect(`\n${planLines(planUndo(before), []).join('\n')}\n`).toMatchInlineSnapshot(`
        "
        1           remove-ingress  p-wiki-ingress-r1  the rollout is undone
        2  after 1  drain-replica   p-wiki-1-r1        the rollout is undone
        3  after 2  retire-replica  p-wiki-1-r1        the rollout is undone
        4  after 3  resume-replica  p-dns-1-old        the rollout is undone
        "
      `);
    });
    it('does not restart a container that was about to give its port back', () => {
      const stopped = { ...left, replicas: left.replicas.map((one) => ({ ...one, ...exited })) };
      const next = testDesired([without(testStore({ ports: [tcp(8082, 80)] })), dns]);
      expect(undoOf(next, stopped)).toMatchInlineSnapshot(`
        "
        1           remove-ingress  p-wiki-ingress-r1  the rollout is undone
        2           retire-replica  p-dns-1-new        the rollout is undone
        3  after 2  resume-replica  p-dns-1-old        the rollout is undone
        4  after 1  drain-replica   p-wiki-1-r1        the rollout is undone
        5  after 4  retire-replica  p-wiki-1-r1        the rollout is undone
        6  after 4  retire-replica  p-wiki-1-new       the rollout is undone
        "
      `);
    });
    it('leaves the serving container alone if the deployed one was removed', () => {
      const alone = {
        ...left,
        replicas: left.replicas.slice(1),
        current: testRelease('old', testDesired([taker]).project),
      };
      expect(undoOf(testDesired([{ ...taker, image: 'wiki:2' }]), alone)).toMatchInlineSnapshot(`
        "
        1           configure-ingress  wiki          the rollout is undone
        2  after 1  drain-replica      p-wiki-1-new  the rollout is undone
        3  after 2  retire-replica     p-wiki-1-new  the rollout is undone
        4  after 3  resume-replica     p-wiki-1-r1   the rollout is undone
        5  after 4  admit-replica      p-wiki-1-r1   the rollout is undone
        "
      `);
    });
  });
  it('does not admit a container again that a release has drained for good', () => {
    const one = testDesired([without(testStore({ image: 'wiki:2' }))]);
    const two = deployed(testDesired([without(testStore({ image: 'wiki:1', replicas: 2 }))]), 'older');
    const now = deployed(one);
    const [surplus] = two.replicas.filter(({ replica }) => replica.index === 2);
    if (surplus === undefined) throw new Error('there is no second replica');
    const observed: ObservedState = {
      ...now,
      replicas: [...now.replicas, { ...surplus, deployed: false }],
      ingresses: now.ingresses.map((ingress) => ({
        ...ingress,
        ...(ingress.config && {
          config: {
            ...ingress.config,
            slots: ingress.config.slots.map((slot, at) =>
              at === 1 ? { container: surplus.container, state: 'drain' as const } : slot,
            ),
          },
        }),
      })),
    };
    const plan = planRollout(testDesired([without(testStore({ image: 'wiki:3', replicas: 2 }))]), observed);
    expect(`\n${planLines(planUndo(begunOf(plan)), []).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      1           configure-ingress  wiki            the rollout is undone
      2           drain-replica      p-wiki-2-new    the rollout is undone
      3  after 1  drain-replica      p-wiki-1-new    the rollout is undone
      4  after 2  retire-replica     p-wiki-2-new    the rollout is undone
      5  after 3  retire-replica     p-wiki-1-new    the rollout is undone
      6  after 4  resume-replica     p-wiki-2-older  the rollout is undone
      7  after 5  resume-replica     p-wiki-1-old    the rollout is undone
      8  after 7  admit-replica      p-wiki-1-old    the rollout is undone
      "
    `);
  });
  it('plans a thousand services', () => {
    const many = Array.from({ length: 1000 }, (_, at) =>
      testService({
        name: `s${at}`,
        ports: [tcp(10_000 + at, 80)],
        dependsOn: at === 0 ? [] : [{ service: `s${at - 1}`, condition: 'healthy', required: true, restart: false }],
      }),
    );
    const desired = testDesired(many, { recreate: many.map(({ name }) => name) });
    const observed = deployed(desired);
    expect(planRollout(desired, observed).steps.length).toBeGreaterThan(10_000);
  });
});
