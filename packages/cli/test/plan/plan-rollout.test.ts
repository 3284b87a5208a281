import { describe, expect, it } from 'vitest';
import type { ObservedReplica, ObservedState } from '../../src/model/observed.ts';
import type { Service } from '../../src/model/service.ts';
import type { Desired } from '../../src/plan/desired.ts';
import { impacts } from '../../src/plan/impacts.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { planLines } from '../../src/report/plan-lines.ts';
import {
  deployed,
  nothing,
  replicaOf,
  tcp,
  testDesired,
  testRelease,
  testService,
  testSpec,
  testUpdate,
} from './plan-fixtures.ts';

const textOf = (desired: Desired, observed: ObservedState): string => {
  const plan = planRollout(desired, observed);
  return `\n${planLines(plan, impacts(desired, observed, plan)).join('\n')}\n`;
};
const onReplicas = (state: ObservedState, change: (one: ObservedReplica) => ObservedReplica): ObservedState => ({
  ...state,
  replicas: state.replicas.map(change),
});

describe('planRollout', () => {
  const desired = testDesired([testService()]);
  const changed = testDesired([testService({ image: 'p-api:2' })]);

  it('creates everything on a first deploy, side by side if possible', () => {
    expect(textOf(desired, nothing)).toMatchInlineSnapshot(`
      "
       1               build-image      p-api:1            its content is new
       2               create-network   p_default          does not exist yet
       3  after 1, 2   create-ingress   p-api-ingress-new  takes the requests for the replicas
       4  after 1, 2   prepare-history  /srv/history       containers are about to use it
       5  after 3      start-ingress    p-api-ingress-new  takes the requests for the replicas
       6  after 4      start-replica    p-api-1-new        does not exist yet
       7  after 4      start-replica    p-api-2-new        does not exist yet
       8  after 5, 6   gate-replica     p-api-1-new        checks that it works
       9  after 5, 7   gate-replica     p-api-2-new        checks that it works
      10  after 8      admit-replica    p-api-1-new        does not exist yet
      11  after 8      ask-replica      p-api-1-new        for the receipt
      12  after 9      admit-replica    p-api-2-new        does not exist yet
      13  after 9      ask-replica      p-api-2-new        for the receipt
      14  after 10-13  commit-release   new                every replica passed

      what users will notice
        api  it becomes reachable
      "
    `);
  });
  it('calls an ingress by the container name that it takes', () => {
    const named = testDesired([testService({ containerName: 'the-api', replicas: 1 })]);
    const lines = (observed: ObservedState) =>
      textOf(named, observed)
        .split('\n')
        .filter((line) => line.includes('-ingress'))
        .join('\n');
    expect(lines(nothing)).toMatchInlineSnapshot(`
      " 3  after 1, 2  create-ingress   the-api       takes the requests for the replicas
       5  after 3     start-ingress    the-api       takes the requests for the replicas"
    `);
    const { ingresses, ...others } = deployed(testDesired([testService({ replicas: 1 })]));
    const before = {
      ...others,
      ingresses: ingresses.map((one) => ({ ...one, specHash: 'other', container: 'the-api' })),
    };
    expect(lines(before)).toMatchInlineSnapshot(`
      "1           create-ingress  the-api  its published ports, networks or names changed
      2  after 1  stop-ingress    the-api  its ports are needed
      3  after 2  start-ingress   the-api  its published ports, networks or names changed
      5  after 4  remove-ingress  the-api  the new one took over and has the name"
    `);
  });
  it('does nothing if everything is as desired', () => {
    expect(textOf(desired, deployed(desired))).toMatchInlineSnapshot(`
      "
      nothing to do
      "
    `);
  });
  it('starts, gates and admits the new replicas of a changed service before it drains the old ones', () => {
    expect(textOf(changed, deployed(desired))).toMatchInlineSnapshot(`
      "
       1                  build-image      p-api:2       its content is new
       2  after 1         prepare-history  /srv/history  containers are about to use it
       3  after 2         start-replica    p-api-1-new   image: p-api:1 → p-api:2
       4  after 2         start-replica    p-api-2-new   image: p-api:1 → p-api:2
       5  after 3         gate-replica     p-api-1-new   checks that it works
       6  after 4         gate-replica     p-api-2-new   checks that it works
       7  after 5         admit-replica    p-api-1-new   replaces p-api-1-old
       8  after 5         ask-replica      p-api-1-new   for the receipt
       9  after 6         admit-replica    p-api-2-new   replaces p-api-2-old
      10  after 6         ask-replica      p-api-2-new   for the receipt
      11  after 7         drain-replica    p-api-1-old   p-api-1-new takes its place
      12  after 9         drain-replica    p-api-2-old   p-api-2-new takes its place
      13  after 8, 10-12  commit-release   new           every replica passed
      14  after 13        retire-replica   p-api-1-old   api-1 was replaced
      15  after 13        retire-replica   p-api-2-old   api-2 was replaced

      what users will notice
        api  nothing
               image: p-api:1 → p-api:2
      "
    `);
  });
  it('replaces one batch after another if parallelism says so', () => {
    const service = testService({ image: 'p-api:2', update: testUpdate({ order: 'start-first', parallelism: 1 }) });
    expect(textOf(testDesired([service]), deployed(desired))).toMatchInlineSnapshot(`
      "
       1                build-image      p-api:2       its content is new
       2  after 1       prepare-history  /srv/history  containers are about to use it
       3  after 2       start-replica    p-api-1-new   image and deploy.update_config.parallelism changed
       4  after 3       gate-replica     p-api-1-new   checks that it works
       5  after 4       admit-replica    p-api-1-new   replaces p-api-1-old
       6  after 4       ask-replica      p-api-1-new   for the receipt
       7  after 5       drain-replica    p-api-1-old   p-api-1-new takes its place
       8  after 6, 7    start-replica    p-api-2-new   image and deploy.update_config.parallelism changed
       9  after 8       gate-replica     p-api-2-new   checks that it works
      10  after 9       admit-replica    p-api-2-new   replaces p-api-2-old
      11  after 9       ask-replica      p-api-2-new   for the receipt
      12  after 10      drain-replica    p-api-2-old   p-api-2-new takes its place
      13  after 11, 12  commit-release   new           every replica passed
      14  after 13      retire-replica   p-api-1-old   api-1 was replaced
      15  after 13      retire-replica   p-api-2-old   api-2 was replaced

      what users will notice
        api  nothing
               image: p-api:1 → p-api:2
               deploy.update_config.parallelism: 0 → 1
      "
    `);
  });
  it('replaces only the services that `recreate` names', () => {
    const two = testDesired([
      testService({ replicas: 1 }),
      testService({ name: 'web', replicas: 1, ports: [tcp(8081, 3000)] }),
    ]);
    expect(textOf({ ...two, recreate: ['web'] }, deployed(two))).toMatchInlineSnapshot(`
      "
      1              prepare-history  /srv/history  containers are about to use it
      2  after 1     start-replica    p-web-1-new   recreate was requested
      3  after 2     gate-replica     p-web-1-new   checks that it works
      4  after 3     admit-replica    p-web-1-new   replaces p-web-1-old
      5  after 3     ask-replica      p-web-1-new   for the receipt
      6  after 4     drain-replica    p-web-1-old   p-web-1-new takes its place
      7  after 5, 6  commit-release   new           every replica passed
      8  after 7     retire-replica   p-web-1-old   web-1 was replaced

      what users will notice
        api  nothing
        web  nothing
      "
    `);
  });
  it('adds replicas without touching those that stay', () => {
    const three = testDesired([testService({ replicas: 3 })]);
    expect(textOf(three, deployed(desired))).toMatchInlineSnapshot(`
      "
      1              prepare-history  /srv/history  containers are about to use it
      2  after 1     start-replica    p-api-3-new   does not exist yet
      3  after 2     gate-replica     p-api-3-new   checks that it works
      4  after 3     admit-replica    p-api-3-new   does not exist yet
      5  after 3     ask-replica      p-api-3-new   for the receipt
      6  after 4, 5  commit-release   new           every replica passed

      what users will notice
        api  nothing
               replicas: 2 → 3
      "
    `);
  });
  it('drains and retires the highest replicas when scaling down', () => {
    const one = testDesired([testService({ replicas: 1 })]);
    expect(textOf(one, deployed(desired))).toMatchInlineSnapshot(`
      "
      1           drain-replica   p-api-2-old  the service has 1 replica now
      2  after 1  commit-release  new          every replica passed
      3  after 2  retire-replica  p-api-2-old  the service has 1 replica now

      what users will notice
        api  nothing
               replicas: 2 → 1
      "
    `);
  });
  it('creates a new ingress for a new published port, and stops the old one only then', () => {
    const other = testDesired([testService({ ports: [tcp(9090, 3000)] })]);
    expect(textOf(other, deployed(desired))).toMatchInlineSnapshot(`
      "
      1           create-ingress  p-api-ingress-new  its published ports, networks or names changed
      2  after 1  stop-ingress    p-api-ingress-old  its ports are needed
      3  after 2  start-ingress   p-api-ingress-new  its published ports, networks or names changed
      4  after 3  commit-release  new                every replica passed
      5  after 4  remove-ingress  p-api-ingress-old  p-api-ingress-new took over

      what users will notice
        api  a gap of about 1 s: its published ports move to another container
               ports: 8080:3000 → 9090:3000
      "
    `);
  });
  it('reloads an ingress whose timeouts changed, and leaves its replicas alone', () => {
    const service = testService({
      ingress: { ...testService().ingress, drainTimeoutMs: 5000 },
    });
    expect(textOf(testDesired([service]), deployed(desired))).toMatchInlineSnapshot(`
      "
      1           configure-ingress  api  its configuration changed
      2  after 1  commit-release     new  every replica passed

      what users will notice
        api  nothing
               x-lobbie.ingress.drain_timeout: 30s → 5s
      "
    `);
  });
  it('removes the ingress of a removed service before its replicas', () => {
    const two = testDesired([
      testService({ replicas: 1 }),
      testService({ name: 'web', replicas: 1, ports: [tcp(8081, 3000)] }),
    ]);
    const less = testDesired([testService({ replicas: 1 })], { removeOrphans: true });
    expect(textOf(less, deployed(two))).toMatchInlineSnapshot(`
      "
      1           commit-release  new                what was left is cleaned up
      2  after 1  stop-ingress    p-web-ingress-old  the project no longer has this service
      3  after 2  remove-ingress  p-web-ingress-old  the project no longer has this service
      4  after 3  retire-replica  p-web-1-old        the project no longer has this service

      what users will notice
        api  nothing
        web  goes away
      "
    `);
  });
  it('replaces an unhealthy replica, and a stopped one without draining it', () => {
    const observed = onReplicas(deployed(desired), (one) =>
      one.replica.index === 1 ? { ...one, health: 'unhealthy' } : { ...one, state: 'exited', health: 'none' },
    );
    expect(textOf(desired, observed)).toMatchInlineSnapshot(`
      "
       1              prepare-history  /srv/history  containers are about to use it
       2  after 1     start-replica    p-api-1-new   p-api-1-old is unhealthy
       3  after 1     start-replica    p-api-2-new   p-api-2-old is exited
       4  after 2     gate-replica     p-api-1-new   checks that it works
       5  after 3     gate-replica     p-api-2-new   checks that it works
       6  after 4     admit-replica    p-api-1-new   replaces p-api-1-old
       7  after 4     ask-replica      p-api-1-new   for the receipt
       8  after 5     admit-replica    p-api-2-new   replaces p-api-2-old
       9  after 5     ask-replica      p-api-2-new   for the receipt
      10  after 6     drain-replica    p-api-1-old   p-api-1-new takes its place
      11  after 7-10  commit-release   new           every replica passed
      12  after 11    retire-replica   p-api-1-old   api-1 was replaced
      13  after 11    retire-replica   p-api-2-old   api-2 was replaced

      what users will notice
        api  nothing
      "
    `);
  });
  it('shows a service as down if none of its replicas runs or can be reached', () => {
    const noticeOf = (observed: ObservedState): string | undefined =>
      impacts(desired, observed, planRollout(desired, observed))[0]?.notice;
    const now = deployed(desired);
    const down = 'it is down now and comes back';
    expect(noticeOf({ ...now, replicas: [] })).toBe(down);
    expect(noticeOf(onReplicas(now, (one) => ({ ...one, state: 'exited', exitCode: 1 })))).toBe(down);
    expect(noticeOf({ ...now, ingresses: [] })).toBe(down);
    expect(noticeOf({ ...now, replicas: now.replicas.slice(1) })).toBe('nothing');
    expect(noticeOf({ ...now, ingresses: [], replicas: [], current: undefined })).toBe('it becomes reachable');
  });
  it('shows what it costs to give a service an ingress', () => {
    const bare = testService({ ports: [], mounts: [], update: testUpdate() });
    const noticeOf = (before: Partial<Service>, after: Partial<Service>): string | undefined => {
      const wanted = testDesired([{ ...bare, ...after }]);
      const observed = deployed(testDesired([{ ...bare, ...before }]));
      return impacts(wanted, observed, planRollout(wanted, observed))[0]?.notice;
    };
    const asked = { ingress: { ...bare.ingress, ports: [3000] } };
    const mounts = [{ kind: 'volume', source: 'p_data', target: '/data', readOnly: false }] as const;
    expect(noticeOf({}, asked)).toBe('connections may be cut once, because its name moves to an ingress');
    expect(noticeOf({}, { ports: [tcp(80, 80)] })).toBe('it becomes reachable');
    expect(noticeOf({ mounts }, { ...asked, mounts })).toBe('a gap of about 2 s (stop-first: volume data)');
  });
  it('frees the slot of a container that someone removed', () => {
    const observed = deployed(desired);
    const left = { ...observed, replicas: observed.replicas.slice(0, 1) };
    expect(textOf(desired, left)).toMatchInlineSnapshot(`
      "
      1              prepare-history  /srv/history  containers are about to use it
      2  after 1     start-replica    p-api-2-new   does not exist yet
      3  after 2     gate-replica     p-api-2-new   checks that it works
      4  after 3     admit-replica    p-api-2-new   does not exist yet
      5  after 3     ask-replica      p-api-2-new   for the receipt
      6  after 4, 5  commit-release   new           every replica passed
      7  after 6     retire-replica   p-api-2-old   its container is gone

      what users will notice
        api  nothing
      "
    `);
  });
  it('does not gate deployed replicas again if their service has no ingress', () => {
    const silent = testDesired([testService({ ports: [], update: testUpdate() })]);
    expect(planRollout(silent, deployed(silent)).steps).toEqual([]);
  });

  describe('after a rollout that died', () => {
    const before = deployed(desired);
    const dead = { ...before, unfinished: testRelease('dead') };
    const next = testService({ image: 'p-api:2' });
    const young = [1, 2].map((index) => replicaOf(next, index, 'dead', testSpec(next)));

    it('only commits if nothing was begun', () => {
      expect(textOf(desired, dead)).toMatchInlineSnapshot(`
        "
        1  commit-release  new  what was left is cleaned up

        what users will notice
          api  nothing
        "
      `);
    });
    it('gates and admits replicas that run but get no requests', () => {
      const observed = { ...dead, replicas: [...before.replicas, ...young] };
      expect(textOf(changed, observed)).toMatchInlineSnapshot(`
        "
         1                build-image     p-api:2       its content is new
         2  after 1       gate-replica    p-api-1-dead  checks that it works
         3  after 1       gate-replica    p-api-2-dead  checks that it works
         4  after 2       admit-replica   p-api-1-dead  a rollout ended before it served
         5  after 2       ask-replica     p-api-1-dead  for the receipt
         6  after 3       admit-replica   p-api-2-dead  a rollout ended before it served
         7  after 3       ask-replica     p-api-2-dead  for the receipt
         8  after 4, 6    drain-replica   p-api-1-old   another container takes its place
         9  after 4, 6    drain-replica   p-api-2-old   another container takes its place
        10  after 5, 7-9  commit-release  new           every replica passed
        11  after 10      retire-replica  p-api-1-old   api-1 was replaced
        12  after 10      retire-replica  p-api-2-old   api-2 was replaced

        what users will notice
          api  nothing
                 image: p-api:1 → p-api:2
        "
      `);
    });
    it('goes back to the old replicas if they are wanted', () => {
      const observed = { ...dead, replicas: [...before.replicas, ...young] };
      expect(textOf(desired, observed)).toMatchInlineSnapshot(`
        "
        1           commit-release  new           what was left is cleaned up
        2  after 1  retire-replica  p-api-1-dead  api-1 was replaced
        3  after 1  retire-replica  p-api-2-dead  api-2 was replaced

        what users will notice
          api  nothing
        "
      `);
    });
    it('drains again what was draining, and retires it only after the commit', () => {
      const [ingress] = before.ingresses;
      const slots = [
        ...before.replicas.map(({ container }) => ({ container, state: 'drain' as const })),
        ...young.map(({ container }) => ({ container, state: 'ready' as const })),
        ...Array(12).fill(null),
      ];
      const ingresses = ingress?.config ? [{ ...ingress, config: { ...ingress.config, slots } }] : [];
      const observed = { ...dead, replicas: [...before.replicas, ...young], ingresses };
      expect(textOf(changed, observed)).toMatchInlineSnapshot(`
        "
        1              build-image     p-api:2      its content is new
        2  after 1     drain-replica   p-api-1-old  another container takes its place
        3  after 1     drain-replica   p-api-2-old  another container takes its place
        4  after 2, 3  commit-release  new          every replica passed
        5  after 4     retire-replica  p-api-1-old  api-1 was replaced
        6  after 4     retire-replica  p-api-2-old  api-2 was replaced

        what users will notice
          api  nothing
                 image: p-api:1 → p-api:2
        "
      `);
    });
    it('gates a replica without an ingress if its gate is not known to have passed', () => {
      const silent = testDesired([testService({ ports: [], replicas: 1, update: testUpdate() })]);
      const { replicas, ...rest } = deployed(silent, 'dead');
      const unproved = replicas.map((one) => ({ ...one, deployed: false }));
      const observed = { ...rest, replicas: unproved, unfinished: testRelease('dead') };
      expect(textOf(silent, observed)).toMatchInlineSnapshot(`
        "
        1           gate-replica    p-api-1-dead  checks that it works
        2  after 1  ask-replica     p-api-1-dead  for the receipt
        3  after 2  commit-release  new           every replica passed

        what users will notice
          api  nothing
        "
      `);
    });
    it('moves the history before anything starts, and clears the old directory at the very end', () => {
      const mounts = [{ kind: 'bind', source: '/srv/new', target: '/history', readOnly: false }] as const;
      const { project, ...rest } = testDesired([testService({ image: 'p-api:2', mounts, replicas: 1 })]);
      const moved = { ...rest, project: { ...project, history: { source: '/srv/new' } }, historyFrom: '/srv/history' };
      const lines = textOf(moved, deployed(testDesired([testService({ replicas: 1 })]), 'old'))
        .split('\n')
        .filter((line) => /history|start-|commit|retire/.test(line));
      expect(lines.join('\n')).toMatchInlineSnapshot(`
        " 2  after 1     prepare-history  /srv/new      its entries are copied from /srv/history
         3  after 2     start-replica    p-api-1-new   image and volumes changed
         8  after 6, 7  commit-release   new           every replica passed
         9  after 8     retire-replica   p-api-1-old   api-1 was replaced
        10  after 9     leave-history    /srv/history  the history is in /srv/new now
                 volumes: /srv/history:/history → /srv/new:/history"
      `);
    });
    it('starts an ingress that was stopped for a successor that never came', () => {
      const ingresses = before.ingresses.map((ingress) => ({ ...ingress, state: 'exited' as const }));
      expect(textOf(desired, { ...dead, ingresses })).toMatchInlineSnapshot(`
        "
        1           start-ingress   p-api-ingress-old  it is exited
        2  after 1  commit-release  new                every replica passed

        what users will notice
          api  it is down now and comes back
        "
      `);
    });
  });
});
