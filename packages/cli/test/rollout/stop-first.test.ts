import { describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../src/model/container.ts';
import { LobbieError } from '../../src/model/errors.ts';
import type { Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { Surroundings } from '../../src/rollout/given/surroundings.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject, aService, aWebService } from './a-service.ts';
import { atEveryCall } from './at-every-call.ts';
import { killableEngine } from './killable-engine.ts';
import { type Look, type ScriptedEngine, scriptedEngine } from './scripted-engine.ts';
import { scriptedSurroundings } from './scripted-surroundings.ts';

const HEALTHCHECK = { test: ['CMD', 'healthy?'], intervalMs: 1000, timeoutMs: 1000, retries: 1, startPeriodMs: 0 };
const SECRET = {
  kind: 'secret',
  name: 'password',
  target: '/run/secrets/password',
  content: Buffer.from('sesame').toString('base64'),
  uid: 0,
  gid: 0,
  mode: 0o400,
} as const;

/** A database, a job that waits for it, and two services that wait for the job: all but the last keep data. */
const stack = (version: 1 | 2): Project =>
  aProject(
    [
      aService('db', {
        image: `db:${version}`,
        healthcheck: HEALTHCHECK,
        files: [SECRET],
        mounts: [
          { kind: 'volume', source: 'p_data', target: '/data', readOnly: false },
          { kind: 'volume', target: '/scratch', readOnly: false },
        ],
      }),
      aService('migrate', {
        image: `job:${version}`,
        job: true,
        restart: { name: 'no' },
        dependsOn: [{ service: 'db', condition: 'healthy', required: true, restart: false }],
      }),
      aWebService('wiki', 8080, {
        image: `app:${version}`,
        update: { parallelism: 0, delayMs: 0, monitorMs: 0, failureAction: 'rollback', maxFailureRatio: 0 },
        mounts: [{ kind: 'volume', source: 'p_data', target: '/data', readOnly: false }],
        dependsOn: [{ service: 'migrate', condition: 'completed', required: true, restart: false }],
      }),
      aWebService('web', 8081, {
        image: `app:${version}`,
        replicas: 2,
        healthcheck: HEALTHCHECK,
        dependsOn: [
          { service: 'migrate', condition: 'completed', required: true, restart: false },
          { service: 'wiki', condition: 'started', required: true, restart: false },
        ],
      }),
    ],
    { volumes: [{ key: 'data', name: 'p_data', external: false }] },
  );

const engineWith = (): ScriptedEngine => {
  const engine = scriptedEngine();
  engine.exitOf = ({ image }: ContainerSpec) => (image.startsWith('job:') ? 0 : undefined);
  return engine;
};

const around = (engine: ScriptedEngine, change: Partial<Surroundings> = {}): Surroundings =>
  scriptedSurroundings(engine, { gateTimeoutMs: 1_000_000, ...change });

const deploy = (engine: ScriptedEngine, project: Project, change: Partial<Surroundings> = {}): Promise<Receipt> =>
  rollOut(around(engine, change), { project, command: 'deploy', recreate: [], asDeployed: false });

const outcomeOf = (rollout: Promise<Receipt>): Promise<Receipt | LobbieError> =>
  rollout.catch((error: unknown) => {
    if (error instanceof LobbieError) return error;
    throw error;
  });

/** What serves: replicas that run, jobs that have ended, and what each ingress sends requests to. */
const serving = ({ replicas, ingresses, composeContainers }: Look) => ({
  replicas,
  composeContainers,
  ready: ingresses.flatMap(({ ready }) => ready ?? []).toSorted(),
});

/** Whether what runs is all of one version, every replica admitted where there is an ingress. */
function expectAllOf(engine: ScriptedEngine, release: string, failing: string): void {
  const { replicas, ready } = serving(engine.look());
  expect(replicas, failing).toEqual([
    `p-db-1-${release} running`,
    `p-migrate-1-${release} exited`,
    `p-web-1-${release} running`,
    `p-web-2-${release} running`,
    `p-wiki-1-${release} running`,
  ]);
  expect(ready, failing).toEqual([`p-web-1-${release}`, `p-web-2-${release}`, `p-wiki-1-${release}`]);
}

const imageOf = async (engine: ScriptedEngine, line: string): Promise<string | undefined> =>
  (await engine.inspectContainer(line.split(' ')[0] ?? ''))?.image;

describe('rollOut of services that keep data', () => {
  it('runs the job between what it waits for and what waits for it, and each stop-first service alone', async () => {
    const engine = engineWith();
    const first = await deploy(engine, stack(1));
    expect(first).toMatchObject({ outcome: 'deployed', warnings: [] });
    const steps: string[] = [];
    const second = await deploy(engine, stack(2), {
      report: (event) => {
        if (event.type !== 'step-started' && event.type !== 'step-done') return;
        if (!('container' in event.step)) return;
        steps.push(`${event.type === 'step-done' ? 'done' : 'begin'} ${event.step.kind} ${event.step.container}`);
      },
    });
    expect(second).toMatchObject({ outcome: 'deployed', warnings: [] });
    expectAllOf(engine, second.release, 'deployed');
    const at = (step: string): number => {
      expect(steps).toContain(step);
      return steps.indexOf(step);
    };
    const [old, now] = [first.release, second.release];
    expect(at(`done create-replica p-db-1-${now}`)).toBeLessThan(at(`begin stop-replica p-db-1-${old}`));
    expect(at(`done stop-replica p-db-1-${old}`)).toBeLessThan(at(`begin start-replica p-db-1-${now}`));
    expect(at(`done gate-replica p-db-1-${now}`)).toBeLessThan(at(`begin run-job p-migrate-1-${now}`));
    expect(at(`done run-job p-migrate-1-${now}`)).toBeLessThan(at(`begin start-replica p-wiki-1-${now}`));
    expect(at(`done run-job p-migrate-1-${now}`)).toBeLessThan(at(`begin start-replica p-web-1-${now}`));
    expect(at(`done start-replica p-wiki-1-${now}`)).toBeLessThan(at(`begin start-replica p-web-1-${now}`));
    expect(at(`done stop-replica p-wiki-1-${old}`)).toBeLessThan(at(`begin start-replica p-wiki-1-${now}`));
    expect(at(`done admit-replica p-web-1-${now}`)).toBeLessThan(at(`begin drain-replica p-web-1-${old}`));
    expect(await deploy(engine, stack(2))).toMatchObject({ outcome: 'unchanged' });
  });

  it('takes all back when the job fails, and tells what it wrote', async () => {
    const engine = engineWith();
    await deploy(engine, stack(1));
    const then = serving(engine.look());
    engine.exitOf = ({ image }) => (image === 'job:2' ? 3 : image === 'job:1' ? 0 : undefined);
    engine.logOf = ({ image }) => (image === 'job:2' ? ['relation "users" is missing'] : []);
    const receipt = await deploy(engine, stack(2));
    expect(receipt).toMatchObject({
      outcome: 'failed-restored',
      error: { code: 'GATE_FAILED', message: 'Job migrate exited with code 3.' },
      warnings: [],
    });
    expect(receipt.error?.details.join('\n')).toContain('relation "users" is missing');
    expect(serving(engine.look())).toEqual(then);
  });

  it.each(['wiki', 'web'])('takes all back when %s does not get healthy', async (name) => {
    const engine = engineWith();
    await deploy(engine, stack(1));
    const then = serving(engine.look());
    engine.exitOf = (spec) =>
      spec.image.startsWith('job:') ? 0 : spec.image === 'app:2' && spec.name.includes(`-${name}-`) ? 1 : undefined;
    expect(await deploy(engine, stack(2))).toMatchObject({ outcome: 'failed-restored', warnings: [] });
    expect(serving(engine.look())).toEqual(then);
    expect((await deploy(engine, stack(1))).outcome).toBe('unchanged');
  });

  it.each(['before', 'after'] as const)(
    'tells the truth and converges, whichever call fails %s it has acted',
    async (when) => {
      const fail = async (call: number): Promise<boolean> => {
        const engine = engineWith();
        await deploy(engine, stack(1));
        const then = serving(engine.look());
        const called = engine.calls.length;
        engine.failAt(call, when);
        const outcome = await outcomeOf(deploy(engine, stack(2)));
        await engine.settled();
        const reached = engine.calls.length - called >= call;
        const failing = `call ${call}: ${engine.calls[called + call - 1]}`;
        engine.mend();
        if (outcome instanceof LobbieError || outcome.outcome === 'failed-restored')
          expect(serving(engine.look()), failing).toEqual(then);
        else if (outcome.outcome === 'deployed' && outcome.warnings.length === 0)
          expectAllOf(engine, outcome.release, failing);
        else expect(outcome.warnings.length, `${failing} gave ${outcome.outcome}`).toBeGreaterThan(0);
        const healed = await deploy(engine, stack(2));
        expect(['deployed', 'unchanged'], failing).toContain(healed.outcome);
        expect(healed.warnings, failing).toEqual([]);
        const { replicas, ready } = serving(engine.look());
        expect(replicas, failing).toHaveLength(5);
        expect(ready, failing).toHaveLength(3);
        expect((await deploy(engine, stack(2))).outcome, failing).toBe('unchanged');
        return reached;
      };
      await atEveryCall(fail);
    },
  );

  it.each([1, 2] as const)(
    'is finished or undone by a deploy of version %i, whichever call it is killed at',
    async (version) => {
      await atEveryCall(async (call) => {
        const engine = engineWith();
        await deploy(engine, stack(1));
        const killable = killableEngine(engine, call);
        const rollout = outcomeOf(deploy(engine, stack(2), { engine: killable.engine }));
        const killed = await Promise.race([killable.killed.then(() => true), rollout.then(() => false)]);
        await engine.settled();
        const failing = `killed at call ${call}`;
        const healed = await deploy(engine, stack(version));
        expect(['deployed', 'unchanged'], failing).toContain(healed.outcome);
        expect(healed.warnings, failing).toEqual([]);
        const { replicas, ready } = serving(engine.look());
        expect(
          replicas.map((name) => name.replace(/-r\d+ /, ' ')),
          failing,
        ).toEqual(['p-db-1 running', 'p-migrate-1 exited', 'p-web-1 running', 'p-web-2 running', 'p-wiki-1 running']);
        expect(ready, failing).toHaveLength(3);
        for (const name of replicas) expect(await imageOf(engine, name), failing).toMatch(new RegExp(`:${version}$`));
        expect((await deploy(engine, stack(version))).outcome, failing).toBe('unchanged');
        return killed;
      });
    },
  );
});
