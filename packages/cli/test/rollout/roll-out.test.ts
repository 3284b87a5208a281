import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/engine/engine-error.ts';
import type { Engine } from '../../src/model/engine.ts';
import { LobbieError } from '../../src/model/errors.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { Service } from '../../src/model/service.ts';
import type { RolloutRequest } from '../../src/rollout/given/request.ts';
import type { Surroundings } from '../../src/rollout/given/surroundings.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { testService } from '../plan/plan-fixtures.ts';
import { atEveryCall } from './at-every-call.ts';
import { killableEngine } from './killable-engine.ts';
import { type ScriptedEngine, scriptedEngine } from './scripted-engine.ts';
import { scriptedSurroundings } from './scripted-surroundings.ts';
import { START_FIRST } from './test-project.ts';

const scripted = (change: Partial<Service> = {}): Project => {
  const { build: _, ...service } = testService({
    image: 'app:1',
    healthcheck: { test: ['CMD', 'healthy?'], intervalMs: 1000, timeoutMs: 1000, retries: 1, startPeriodMs: 0 },
    ...change,
  });
  return {
    name: 'p',
    networks: [{ key: 'default', name: 'p_default', external: false }],
    volumes: [],
    inactive: [],
    history: { source: '/srv/history' },
    services: [service],
  };
};

const around = (engine: ScriptedEngine, change: Partial<Surroundings> = {}): Surroundings =>
  scriptedSurroundings(engine, { gateTimeoutMs: 1_000_000, ...change });

/** An engine that starts no replica. */
const refusing = (words: string): ScriptedEngine => {
  const engine = scriptedEngine();
  const start = engine.startContainer;
  engine.startContainer = async (id) => {
    const { name = '' } = (await engine.inspectContainer(id)) ?? {};
    if (/^p-api-\d/.test(name)) throw refusal(words, `start container "${id}"`);
    await start(id);
  };
  return engine;
};

const request = (project: Project, recreate: string[] = []): RolloutRequest => ({
  project,
  command: 'deploy',
  recreate,
  asDeployed: false,
});
const outcomeOf = (rollout: Promise<Receipt>): Promise<Receipt | LobbieError> =>
  rollout.catch((error: unknown) => {
    if (error instanceof LobbieError) return error;
    throw error;
  });
const leases = (engine: ScriptedEngine) => engine.containers().filter(({ role }) => role === 'lease');

/** What was there, what is wanted, and which failures each has. */
const situations = [
  { name: 'a first deploy', before: undefined, wanted: scripted() },
  { name: 'a changed image', before: scripted(), wanted: scripted({ image: 'app:2' }) },
  {
    name: 'a changed port and fewer replicas',
    before: scripted(),
    wanted: scripted({ replicas: 1, ports: [{ target: 4000, published: 8080, protocol: 'tcp', mode: 'http' }] }),
  },
];

describe('rollOut on an engine that fails', () => {
  it('deploys, finds nothing to do, and replaces what changed where nothing fails', async () => {
    const engine = scriptedEngine();
    const first = await rollOut(around(engine), request(scripted()));
    expect(first).toMatchObject({ outcome: 'deployed', warnings: [], url: ['http://engine:8080'] });
    expect(first.replicas.map(({ replica, file }) => [replica, file !== undefined])).toEqual([
      ['api-1', true],
      ['api-2', true],
    ]);
    const called = engine.calls.length;
    expect(await rollOut(around(engine), request(scripted()))).toMatchObject({ outcome: 'unchanged' });
    // Of files, only the ledger's: each that is read costs the engine tens of milliseconds.
    expect(engine.calls.slice(called).filter((call) => /^(read|write|create)/.test(call))).toEqual([
      'read /ledger/state',
    ]);
    const second = await rollOut(around(engine), request(scripted({ image: 'app:2' })));
    expect(second).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(second.replicas.map(({ replaced }) => replaced?.container)).toEqual(
      first.replicas.map(({ container }) => container),
    );
    expect(engine.look().ingresses).toMatchObject([{ ready: second.replicas.map(({ container }) => container) }]);
    expect(leases(engine)).toEqual([]);
  });

  describe.each(situations)('$name', ({ before, wanted }) => {
    it.each(['before', 'after'] as const)(
      'tells the truth and converges, whichever call fails %s it has acted',
      async (when) => {
        const fail = async (call: number): Promise<boolean> => {
          const engine = scriptedEngine();
          if (before) await rollOut(around(engine), request(before));
          const then = engine.look();
          const called = engine.calls.length;
          engine.failAt(call, when);
          const outcome = await outcomeOf(rollOut(around(engine), request(wanted)));
          await engine.settled();
          const reached = engine.calls.length - called >= call;
          const failing = `call ${call}: ${engine.calls[called + call - 1]}`;
          engine.mend();
          expectTruth(engine, outcome, then, wanted, failing);
          if (when === 'before') expect(leases(engine), failing).toEqual([]);
          await expectConvergence(engine, wanted, failing);
          return reached;
        };
        await atEveryCall(fail);
      },
    );

    it('is finished or undone by the next command, whichever call it is killed at', async () => {
      await atEveryCall(async (call) => {
        const engine = scriptedEngine();
        if (before) await rollOut(around(engine), request(before));
        const killable = killableEngine(engine, call);
        const rollout = outcomeOf(rollOut({ ...around(engine), engine: killable.engine }, request(wanted)));
        const killed = await Promise.race([killable.killed.then(() => true), rollout.then(() => false)]);
        await engine.settled();
        const failing = `killed at call ${call}`;
        const changesHands = engine.look().ingresses.every(({ ready }) => ready === undefined);
        if (before && !changesHands) expect(servingReplicas(engine), failing).toBeGreaterThanOrEqual(1);
        await expectConvergence(engine, wanted, failing);
        return killed;
      });
    });
  });

  it('names the replica that cannot start, what the engine said of it, and what to do', async () => {
    const words =
      'OCI runtime create failed: runc create failed: exec: "nodee": executable file not found in $PATH: unknown';
    const { outcome, error } = await rollOut(around(refusing(words)), request(scripted({ replicas: 1 })));
    expect(outcome).toBe('failed-restored');
    expect(error?.message).toBe('Replica api-1 could not start: "nodee" is not in the image.');
    expect(error?.details).toEqual([expect.stringMatching(/^container {4}p-api-1-/), `the engine   ${words}`]);
    expect(error?.hint).toMatch(/^Correct the command .*\nFix the service and deploy again\.$/);
  });

  it('goes back to what ran when a new replica never turns healthy, and tells why', async () => {
    const engine = scriptedEngine();
    await rollOut(around(engine), request(scripted()));
    const then = engine.look();
    engine.healthOf = ({ image }) => (image === 'app:2' ? 1 : 0);
    const receipt = await rollOut(around(engine, { gateTimeoutMs: 300 }), request(scripted({ image: 'app:2' })));
    expect(receipt).toMatchObject({ outcome: 'failed-restored', error: { code: 'GATE_FAILED' }, warnings: [] });
    expect(engine.look()).toEqual(then);
    expect(leases(engine)).toEqual([]);
  });

  it('tells restored from not restored when undoing fails too, and lets the next command mend it', async () => {
    const outcomes = new Set<string>();
    const update = { ...START_FIRST, parallelism: 1, monitorMs: 0 };
    await atEveryCall(async (call) => {
      const engine = scriptedEngine();
      await rollOut(around(engine), request(scripted()));
      const then = engine.look();
      engine.healthOf = ({ image, name }) => (image === 'app:2' && name.includes('-2-') ? 1 : 0);
      let undoing = Number.POSITIVE_INFINITY;
      const report: Surroundings['report'] = ({ type }) => {
        if (type !== 'undo-started') return;
        undoing = engine.calls.length;
        engine.failAt(call, 'before');
      };
      const wanted = scripted({ image: 'app:2', update });
      const receipt = await rollOut(around(engine, { report, gateTimeoutMs: 40_000 }), request(wanted));
      const reached = engine.calls.length - undoing >= call;
      engine.mend();
      outcomes.add(receipt.outcome);
      const failing = `call ${call} of the undoing: ${engine.calls[undoing + call - 1]}`;
      expectTruth(engine, receipt, then, wanted, failing);
      expect(servingReplicas(engine), failing).toBeGreaterThanOrEqual(1);
      engine.healthOf = () => 0;
      await expectConvergence(engine, wanted, failing);
      return reached;
    });
    expect([...outcomes].toSorted()).toEqual(['failed-not-restored', 'failed-restored']);
  });

  it('goes back to what ran when it is interrupted on the way', async () => {
    const engine = scriptedEngine();
    await rollOut(around(engine), request(scripted()));
    const then = engine.look();
    const user = new AbortController();
    const receipt = await rollOut(
      around(engine, {
        signal: user.signal,
        report: (event) => {
          if (event.type === 'step-done' && event.step.kind === 'admit-replica' && !event.undo)
            user.abort(new LobbieError('INTERRUPTED', 'Interrupted by SIGINT.'));
        },
      }),
      request(scripted({ image: 'app:2' })),
    );
    expect(receipt).toMatchObject({ outcome: 'interrupted', warnings: [] });
    expect(engine.look()).toEqual(then);
  });

  it('stays deployed when it is interrupted while the release is committed', async () => {
    const engine = scriptedEngine();
    const user = new AbortController();
    const receipt = await rollOut(
      around(engine, {
        signal: user.signal,
        report: (event) => {
          if (event.type === 'step-started' && event.step.kind === 'commit-release')
            user.abort(new LobbieError('INTERRUPTED', 'Interrupted by SIGINT.'));
        },
      }),
      request(scripted()),
    );
    expect(receipt.outcome).toBe('deployed');
    expect(engine.look().replicas).toHaveLength(2);
  });

  it('stops before its next step, and undoes nothing, when it has lost its lease', async () => {
    const engine = scriptedEngine();
    const outcome = await outcomeOf(
      rollOut(
        around(engine, {
          report: (event) => {
            if (event.type === 'step-done' && event.step.kind === 'create-network')
              void engine.removeContainer('p-lobbie-lease', { force: true });
          },
        }),
        request(scripted()),
      ),
    );
    expect(outcome).toMatchObject({ code: 'LEASE_LOST' });
    expect(engine.look().networks).toEqual(['p_default']);
    await expectConvergence(engine, scripted(), 'lease lost');
  });

  it.each([
    ['a first deploy', undefined],
    ['a changed image', scripted()],
  ])('only adds containers while its lease starts: %s', async (_what, before) => {
    const engine = scriptedEngine();
    if (before) await rollOut(around(engine), request(before));
    const startup = Promise.withResolvers<void>();
    const startContainer: Engine['startContainer'] = async (id) => {
      const found = await engine.inspectContainer(id);
      if (found?.labels[LABEL.role] === 'lease') await startup.promise;
      await engine.startContainer(id);
    };
    const early = new Set<string>();
    const report: Surroundings['report'] = (event) => {
      if (event.type === 'step-started' && leases(engine)[0]?.state === 'created') early.add(event.step.kind);
      // The old replicas still serve when the new ones run.
      if (event.type === 'step-done' && event.step.kind === 'start-replica') startup.resolve();
    };
    const wanted = before ? scripted({ image: 'app:2' }) : scripted();
    const receipt = await rollOut(around(engine, { report, engine: { ...engine, startContainer } }), request(wanted));
    expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect([...early].filter((kind) => !/^(create|start|prepare)-/.test(kind))).toEqual([]);
    expect(early).toContain('start-replica');
    expect(leases(engine)).toEqual([]);
  });

  it('refuses while another command holds the lease', async () => {
    const engine = scriptedEngine();
    const waits = Promise.withResolvers<void>();
    const rival = Promise.withResolvers<Receipt | LobbieError>();
    // The first one is at its gate until the rival has ended.
    const exec: Engine['exec'] = async (container, argv, options) => {
      if (argv[0] === 'healthy?') {
        waits.resolve();
        await rival.promise;
      }
      return engine.exec(container, argv, options);
    };
    const first = rollOut(around(engine, { engine: { ...engine, exec } }), request(scripted()));
    await waits.promise;
    rival.resolve(outcomeOf(rollOut(around(engine), request(scripted({ image: 'app:2' })))));
    expect(await rival.promise).toMatchObject({ code: 'LEASE_TAKEN' });
    expect(await first).toMatchObject({ outcome: 'deployed' });
  });

  it.each([
    ['says who holds the lease', false, { code: 'LEASE_TAKEN' }],
    ['goes on from what it deployed', true, { outcome: 'unchanged' }],
  ])('%s where the port that it wants is that of a rival for the same project', async (_what, rivalEnds, expected) => {
    const engine = scriptedEngine();
    const atGate = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const project = scripted({ ports: [{ target: 3000, published: 8080, protocol: 'tcp', mode: 'http' }] });
    const exec: Engine['exec'] = async (container, argv, options) => {
      if (argv[0] === 'healthy?') {
        atGate.resolve();
        await release.promise;
      }
      return engine.exec(container, argv, options);
    };
    let rival: Promise<Receipt> | undefined;
    /** The other one begins, and has made its ingress, after the first look and before anything else. */
    const rivalFirst = async (): Promise<void> => {
      rival ??= rollOut(around(engine, { engine: { ...engine, exec } }), request(project));
      await atGate.promise;
      if (!rivalEnds) return;
      release.resolve();
      await rival;
    };
    const late: Engine = {
      ...engine,
      createContainer: async (spec) => {
        if (spec.name === 'p-lobbie-lease') await rivalFirst();
        return engine.createContainer(spec);
      },
      listAllContainers: async () => {
        await rivalFirst();
        return engine.listAllContainers();
      },
    };
    expect(await outcomeOf(rollOut(around(engine, { engine: late }), request(project)))).toMatchObject(expected);
    release.resolve();
    expect(await rival).toMatchObject({ outcome: 'deployed' });
  });
});

/** Replicas that run and get requests. */
const servingReplicas = (engine: ScriptedEngine): number => {
  const { ingresses, replicas } = engine.look();
  const ready = ingresses.flatMap((ingress) => ingress.ready ?? []);
  return replicas.filter((replica) => ready.some((name) => replica === `${name} running`)).length;
};

function expectTruth(
  engine: ScriptedEngine,
  outcome: Receipt | LobbieError,
  then: ReturnType<ScriptedEngine['look']>,
  wanted: Project,
  failing: string,
): void {
  const now = engine.look();
  if (outcome instanceof LobbieError) {
    // Thrown instead of told by a receipt: nothing had changed yet.
    expect(now, failing).toEqual(then);
    return;
  }
  switch (outcome.outcome) {
    case 'failed-restored':
      expect(outcome.error, failing).toBeDefined();
      expect(now, failing).toEqual(then);
      return;
    case 'failed-not-restored':
      expect(outcome.warnings.length, failing).toBeGreaterThan(0);
      return;
    case 'deployed': {
      const serving = now.ingresses.find(({ ready }) => ready !== undefined)?.ready ?? [];
      const ours = now.replicas.filter((name) => name.includes(`-${outcome.release} `));
      expect(
        serving.filter((name) => name.endsWith(`-${outcome.release}`)),
        failing,
      ).toHaveLength(ours.length);
      if (outcome.warnings.length === 0) expect(now.replicas, failing).toHaveLength(wanted.services[0]?.replicas ?? 0);
      return;
    }
    default:
      expect.unreachable(`${failing} gave ${outcome.outcome}`);
  }
}

async function expectConvergence(engine: ScriptedEngine, wanted: Project, failing: string): Promise<void> {
  const healed = await rollOut(around(engine), request(wanted));
  expect(['deployed', 'unchanged'], failing).toContain(healed.outcome);
  expect(healed.warnings, failing).toEqual([]);
  const { replicas, ingresses } = engine.look();
  expect(replicas, failing).toHaveLength(wanted.services[0]?.replicas ?? 0);
  expect(ingresses, failing).toHaveLength(1);
  expect(
    ingresses[0]?.ready?.map((name) => `${name} running`),
    failing,
  ).toEqual(replicas);
  expect(leases(engine), failing).toEqual([]);
  expect((await rollOut(around(engine), request(wanted))).outcome, failing).toBe('unchanged');
}
