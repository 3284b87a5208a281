import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../../../src/model/engine.ts';
import type { ObservedState } from '../../../src/model/observed.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { Service } from '../../../src/model/service.ts';
import type { ToldStep } from '../../../src/model/step.ts';
import { warningsOf } from '../../../src/rollout/checks/warnings-of.ts';
import { aProject, aService, aWebService } from '../a-service.ts';

const INFO: EngineInfo = {
  name: 'here',
  version: '28.5',
  apiVersion: '1.51',
  cpus: 2,
  memoryBytes: 1_000_000_000,
  selinux: false,
  cgroups: true,
  volumeSubpaths: true,
  rootless: false,
};
const CHECK = { test: ['CMD', 'true'], intervalMs: 1, timeoutMs: 1, retries: 1, startPeriodMs: 0 };

/** The warnings before these services are started, each in all its places. */
const warnings = (
  services: readonly Service[],
  plan: Partial<Plan<ToldStep>> = {},
  outdated: readonly string[] = [],
  observed: Pick<ObservedState, 'pools'> = {},
  info: Partial<EngineInfo> = {},
): string[] => {
  const steps = services.flatMap(({ name, replicas }) =>
    Array.from({ length: replicas }, (_, at) => ({
      id: `start ${name} ${at}`,
      after: [],
      step: {
        kind: 'start-replica',
        replica: { service: name, index: at + 1 },
        container: 'c',
        spec: '',
        reason: '',
      } as const,
    })),
  );
  const desired = {
    project: aProject(services),
    release: 'r',
    specHashes: {},
    ingressSpecHashes: {},
    recreate: [],
    removeOrphans: false,
    traits: {},
    builds: {},
  };
  return warningsOf(desired, { outdated, ...observed }, { steps, orphans: [], ...plan }, { ...INFO, ...info });
};

describe('warningsOf', () => {
  it('says nothing of a service that has a healthcheck and mounts nothing', () => {
    expect(warnings([aWebService('web', 80, { healthcheck: CHECK }), aService('worker')])).toEqual([]);
  });

  it('names the services whose limits an engine without cgroups does not apply', () => {
    const services = [
      aService('db', { settings: { memoryBytes: 1000 } }),
      aService('job', { settings: { pidsLimit: 5 } }),
      aService('web', { settings: { init: true } }),
    ];
    expect(warnings(services)).toEqual([]);
    expect(warnings(services, {}, [], {}, { cgroups: false })).toEqual([
      expect.stringMatching(/^The engine has no cgroups .* limits of memory, CPU and processes for db, job\./),
    ]);
  });

  it('names the services that nothing starts again, and not those whose file says so', () => {
    const unsaid = { restart: { name: 'no' }, restartUnsaid: true } as const;
    const one = aService('worker', unsaid);
    expect(warnings([one, aService('seed', { restart: { name: 'no' } }), aService('api')])).toEqual([
      expect.stringMatching(/^Service worker has no restart policy: it stays down .* restart of the engine\./),
    ]);
    expect(warnings([one, aService('mail', unsaid)])).toEqual([
      expect.stringContaining('Services worker, mail have no restart policy: they stay down'),
    ]);
  });

  it('tells who may lose a service that gets another address, and of the network whose addresses change', () => {
    const [one, other] = [
      { service: 'db', calls: 'app', replaced: false },
      { service: 'web', calls: 'app', replaced: true },
    ];
    const told = warnings([], { readdressed: [one, other] }, [], { pools: { p_default: [] } });
    expect(told).toEqual([
      expect.stringMatching(/^Service db calls app, whose address changes\. .*`lobbie recreate db`/),
      expect.stringMatching(/^Addresses change with each rollout in network p_default.*`lobbie down`/),
    ]);
    const fixed = { pools: { p_default: [{ subnet: '10.1.0.0/16', ipRange: '10.1.0.0/17' }] } };
    expect(warnings([], { readdressed: [other] }, [], fixed)).toEqual([]);
    expect(warnings([], {}, [], { pools: { p_default: [] } })).toEqual([]);
  });

  it('tells of a start-first service without a healthcheck, only when it is about to start', () => {
    const web = aWebService('web', 80);
    expect(warnings([web])).toEqual([expect.stringMatching(/^Service web has no healthcheck: /)]);
    expect(warnings([web], { steps: [] })).toEqual([]);
    expect(warnings([aWebService('web', 80, { ingress: { ...web.ingress, healthPath: '/health' } })])).toEqual([]);
  });

  it('tells of what stays as it was made', () => {
    expect(warnings([], {}, ['network p_back', 'volume p_data'])).toEqual([
      'The network p_back differs from the Compose file and is not changed. To create it again, run `lobbie down`, then `lobbie deploy`.',
      'The volume p_data differs from the Compose file and is not changed. To create it again without its data, run `lobbie down`, `docker volume rm p_data`, then `lobbie deploy`.',
    ]);
  });

  it('tells of a volume that two copies write', () => {
    const mounts = [{ kind: 'volume', source: 'p_data', target: '/data', readOnly: false }] as const;
    expect(warnings([aWebService('web', 80, { healthcheck: CHECK, mounts })])).toEqual([
      'Service web is start-first: the old and the new copy write to volume p_data at the same time.',
    ]);
  });

  it('tells of data that several replicas of a stop-first service write', () => {
    const mounts = [
      { kind: 'volume', source: 'p_data', target: '/data', readOnly: false },
      { kind: 'bind', source: '/srv/files', target: '/files', readOnly: false },
      { kind: 'bind', source: '/srv/config', target: '/config', readOnly: true },
      { kind: 'volume', target: '/cache', readOnly: false },
    ] as const;
    expect(warnings([aService('db', { replicas: 2, mounts })])).toEqual([
      'Service db has 2 replicas that write to volume p_data and /srv/files at the same time. Most databases lose data this way: run one replica, unless the program supports this.',
    ]);
    expect(warnings([aService('db', { mounts })])).toEqual([]);
    expect(warnings([aService('db', { replicas: 2, mounts: mounts.slice(2) })])).toEqual([]);
    expect(warnings([aService('db', { replicas: 2, mounts })], { steps: [] })).toEqual([]);
  });

  it('tells when old and new together may use more memory than there is', () => {
    const web = (memoryBytes: number) =>
      aWebService('web', 80, { healthcheck: CHECK, replicas: 2, settings: { memoryBytes } });
    expect(warnings([web(250_000_000)])).toEqual([]);
    expect(warnings([web(300_000_000)])).toEqual([
      expect.stringMatching(/may use 1\.2 GB, according to their limits.* 1 GB\.$/),
    ]);
  });

  it('names who needs the address of each replica of a service behind an ingress', () => {
    const web = (change: Partial<Service>) => aWebService('web', 80, { healthcheck: CHECK, ...change });
    expect(warnings([web({ lookedUpBy: ['prometheus'] })])).toEqual([
      'Service prometheus looks up every address of web, but finds only that of its ingress. To reach all replicas, use tasks.web there.',
    ]);
    expect(warnings([web({ lookedUpBy: ['web'] })])).toEqual([
      'Service web names itself as a host: the name leads each replica only to itself. To reach all replicas, use tasks.web.',
    ]);
    expect(warnings([aService('web', { lookedUpBy: ['prometheus'] })])).toEqual([]);
  });

  it('names what the project no longer has, and how to remove it', () => {
    expect(warnings([], { orphans: ['old', 'older'] })).toEqual([
      'The project no longer has old, older, and they still run. To remove: lobbie deploy --remove-orphans',
    ]);
  });
});
