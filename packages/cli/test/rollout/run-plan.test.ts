import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import { LobbieError } from '../../src/model/errors.ts';
import type { Event } from '../../src/model/events.ts';
import type { FailureRule, PlannedStep } from '../../src/model/plan.ts';
import type { Step } from '../../src/model/step.ts';
import { type RunOptions, runPlan } from '../../src/rollout/run-plan.ts';
import { fakeClock } from '../fake-clock.ts';
import { aService } from './a-service.ts';

const planned = (id: string, after: readonly string[] = [], needs?: readonly string[]): PlannedStep => ({
  id,
  after,
  ...(needs && { needs }),
  step: {
    kind: 'create-network',
    name: id,
    input: { network: { key: id, name: id, external: false } },
    reason: 'a test',
  },
});
const options = (change: Partial<RunOptions> = {}): RunOptions => ({
  clock: { ...fakeClock(), sleep: () => Promise.resolve() },
  report: () => undefined,
  signal: new AbortController().signal,
  undo: false,
  mostAtOnce: 8,
  goOn: false,
  before: () => Promise.resolve(),
  act: () => Promise.resolve(undefined),
  ...change,
});
const nameOf = ({ step }: Extract<Event, { step: unknown }>): string => ('name' in step ? step.name : '');

describe('runPlan', () => {
  it('begins each step once, and only when all before it are done', async () => {
    const graphs = fc.array(fc.array(fc.nat({ max: 12 }), { maxLength: 3 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const steps = graph.map((after, at) =>
          planned(`s${at}`, [...new Set(after.filter((other) => other < at).map((other) => `s${other}`))]),
        );
        const begun: string[] = [];
        const done = new Set<string>();
        const run = await runPlan(
          { steps: steps.toReversed(), orphans: [] },
          options({
            act: async (_step, id) => {
              expect(steps.find((one) => one.id === id)?.after.every((other) => done.has(other))).toBe(true);
              begun.push(id);
              await new Promise(setImmediate);
              done.add(id);
              return undefined;
            },
          }),
        );
        expect(run.failure).toBeUndefined();
        expect(begun.toSorted()).toEqual(steps.map(({ id }) => id).toSorted());
        expect(run.begun.map(({ id }) => id)).toEqual(begun);
      }),
      { numRuns: 50 },
    );
  });

  it('runs side by side what nothing orders', async () => {
    const both = Promise.withResolvers<void>();
    let underWay = 0;
    const run = await runPlan(
      { steps: [planned('a'), planned('b')], orphans: [] },
      options({
        act: async () => {
          underWay += 1;
          if (underWay === 2) both.resolve();
          await both.promise;
          return undefined;
        },
      }),
    );
    expect(run.failure).toBeUndefined();
  });

  it('begins no more steps that make the engine work than it may at once', async () => {
    let underWay = 0;
    let most = 0;
    const run = await runPlan(
      { steps: Array.from({ length: 50 }, (_, at) => planned(`s${at}`)), orphans: [] },
      options({
        mostAtOnce: 3,
        act: async () => {
          underWay += 1;
          most = Math.max(most, underWay);
          await new Promise(setImmediate);
          underWay -= 1;
          return undefined;
        },
      }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.begun).toHaveLength(50);
    expect(most).toBe(3);
  });

  it('lets steps that wait keep nothing from beginning, whatever they wait for', async () => {
    const wait = (at: number): PlannedStep => ({
      id: `wait ${at}`,
      after: [],
      step: { kind: 'wait', service: 'web', delayMs: 0, reason: 'a test' },
    });
    const opened = Promise.withResolvers<void>();
    const run = await runPlan(
      { steps: [...Array.from({ length: 20 }, (_, at) => wait(at)), planned('opens')], orphans: [] },
      options({
        mostAtOnce: 1,
        act: async (_step, id) => {
          if (id === 'opens') opened.resolve();
          await opened.promise;
          return undefined;
        },
      }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.begun).toHaveLength(21);
  });

  it('begins at once what ends a pause, however much is under way', async () => {
    const stop: PlannedStep = {
      id: 'stop',
      after: [],
      step: { kind: 'stop-ingress', service: 'web', container: 'old', undo: { name: 'old' }, reason: 'a test' },
    };
    const started = Promise.withResolvers<void>();
    const run = await runPlan(
      { steps: [planned('long'), stop, planned('start', ['stop'])], orphans: [] },
      options({
        mostAtOnce: 1,
        act: async (_step, id) => {
          if (id === 'start') started.resolve();
          if (id === 'long') await started.promise;
          return undefined;
        },
      }),
    );
    expect(run.begun.map(({ id }) => id)).toEqual(['long', 'stop', 'start']);
  });

  it('begins a step that had to wait for its turn only if nothing has failed by then', async () => {
    const run = await runPlan(
      { steps: [planned('fails'), planned('next')], orphans: [] },
      options({ mostAtOnce: 1, act: () => Promise.reject(new LobbieError('ENGINE_ERROR', 'It failed.')) }),
    );
    expect(run.begun.map(({ id }) => id)).toEqual(['fails']);
  });

  it('tells what a step is, and nothing of what its act needs', async () => {
    const events: Event[] = [];
    const step: Step = {
      kind: 'start-replica',
      replica: { service: 'web', index: 1 },
      container: 'p-web-1-r1',
      spec: 'hash',
      reason: 'a test',
      input: {
        service: aService('web', { environment: { TOKEN: 'hunter2' } }),
        networks: [],
        links: [],
        imageVolumes: [],
        keepsAddress: false,
        ingressChanges: false,
      },
      undo: { graceMs: 0, isJob: false },
    };
    const fails = { id: 'fails', after: ['starts'], step } as const;
    const act = (_step: unknown, id: string) =>
      id === 'fails' ? Promise.reject(new Error('no')) : Promise.resolve(undefined);
    await runPlan(
      { steps: [{ id: 'starts', after: [], step }, fails], orphans: [] },
      options({ report: (event) => events.push(event), act }),
    );
    const { input: _input, undo: _undo, ...told } = step;
    expect(events.map(({ type }) => type)).toEqual(['step-started', 'step-done', 'step-started', 'step-failed']);
    for (const event of events) expect(event).toMatchObject({ step: told, undo: false });
    for (const event of events) expect('step' in event && Object.keys(event.step)).toEqual(Object.keys(told));
    expect(JSON.stringify(events)).not.toContain('hunter2');
  });

  it('begins nothing after a failure, and tells those under way to stop', async () => {
    const stopped: unknown[] = [];
    const run = await runPlan(
      { steps: [planned('fails'), planned('long'), planned('later', ['long'])], orphans: [] },
      options({
        act: async (_step, id, signal) => {
          if (id === 'fails') throw new LobbieError('GATE_FAILED', 'It failed.');
          await sleep(60_000, undefined, { signal }).catch(() => stopped.push(signal.reason));
          return undefined;
        },
      }),
    );
    expect(run.failure).toMatchObject({ code: 'GATE_FAILED' });
    expect(run.begun.map(({ id }) => id)).toEqual(['fails', 'long']);
    expect(stopped).toEqual([run.failure]);
  });

  it('goes on after a failure where told to, but for what needs the step that failed', async () => {
    const steps = [
      planned('fails'),
      planned('next', ['fails']),
      planned('needy', ['fails'], ['fails']),
      planned('after needy', ['needy'], ['needy']),
      planned('last', ['after needy']),
    ];
    const run = await runPlan(
      { steps: steps.toReversed(), orphans: [] },
      options({
        goOn: true,
        act: (_step, id) => (id === 'fails' ? Promise.reject(new Error('no')) : Promise.resolve(undefined)),
      }),
    );
    expect(run.begun.map(({ id }) => id).toSorted()).toEqual(['fails', 'last', 'next']);
    expect(run.failure).toMatchObject({ code: 'BUG', message: 'Error: no' });
  });

  it('does not begin a step that it may not', async () => {
    const lost = new LobbieError('LEASE_LOST', 'The lease was lost.');
    const run = await runPlan({ steps: [planned('a')], orphans: [] }, options({ before: () => Promise.reject(lost) }));
    expect(run).toMatchObject({ begun: [], failure: lost });
  });

  it('stops when the user says so, unless all is done by then', async () => {
    const user = new AbortController();
    const interrupted = new LobbieError('INTERRUPTED', 'Interrupted by SIGINT.');
    const act = async () => {
      user.abort(interrupted);
      return undefined;
    };
    const steps = [planned('a'), planned('b', ['a'])];
    expect(await runPlan({ steps, orphans: [] }, options({ signal: user.signal, act }))).toMatchObject({
      failure: interrupted,
    });
    const other = new AbortController();
    const last = async () => {
      other.abort(interrupted);
      return undefined;
    };
    expect(
      await runPlan({ steps: [planned('a')], orphans: [] }, options({ signal: other.signal, act: last })),
    ).toMatchObject({
      failure: undefined,
    });
  });

  it('reports each step as it starts, ends or fails, with the seconds it took', async () => {
    const events: Event[] = [];
    let now = 0;
    await runPlan(
      { steps: [planned('a'), planned('b', ['a'])], orphans: [] },
      options({
        clock: { ...fakeClock(), now: () => now, sleep: () => Promise.resolve() },
        report: (event) => events.push(event),
        act: async (_step, id) => {
          now += 1500;
          if (id === 'b') throw new LobbieError('DISK_FULL', 'No room.');
          return { file: 'f' };
        },
      }),
    );
    expect(events.map((event) => ('step' in event ? [event.type, nameOf(event)] : event.type))).toEqual([
      ['step-started', 'a'],
      ['step-done', 'a'],
      ['step-started', 'b'],
      ['step-failed', 'b'],
    ]);
    expect(events[1]).toMatchObject({ seconds: 1.5, result: { file: 'f' } });
    expect(events[3]).toMatchObject({ seconds: 1.5, code: 'DISK_FULL', message: 'No room.' });
  });

  describe('with places that may fail', () => {
    const ruleOf = (spare: number, consequence: FailureRule['then'] = 'undo'): FailureRule => ({
      service: 'api',
      spare,
      // biome-ignore lint/suspicious/noThenProperty: a word; nothing that is awaited
      then: consequence,
    });
    const ofPlace = (id: string, place: string, after: readonly string[], rule: FailureRule): PlannedStep => ({
      ...planned(id, after),
      place,
      onFailure: rule,
    });
    /** Three places of two steps each, one after the other; then the commit. */
    const batches = (rule: FailureRule): PlannedStep[] => [
      ...[1, 2, 3].flatMap((at) => [
        ofPlace(`start ${at}`, `api-${at}`, at === 1 ? [] : [`admit ${at - 1}`], rule),
        ofPlace(`admit ${at}`, `api-${at}`, [`start ${at}`], rule),
      ]),
      planned('commit', ['admit 1', 'admit 2', 'admit 3']),
    ];
    const failing = (ids: readonly string[]) => {
      const takenBack: string[][] = [];
      const change: Partial<RunOptions> = {
        act: (_step, id) =>
          ids.includes(id)
            ? Promise.reject(new LobbieError('GATE_FAILED', `${id} failed.`))
            : Promise.resolve(undefined),
        takeBack: async (begun) => {
          takenBack.push(begun.map(({ id }) => id));
          return undefined;
        },
      };
      return {
        takenBack,
        run: (rule: FailureRule) => runPlan({ steps: batches(rule), orphans: [] }, options(change)),
      };
    };

    it('takes back the place that failed, skips what is left of it, and goes on', async () => {
      const { takenBack, run } = failing(['start 2']);
      const { begun, failure, spared, paused } = await run(ruleOf(1));
      expect(failure).toBeUndefined();
      expect(paused).toBe(false);
      expect(spared).toMatchObject([{ service: 'api', place: 'api-2', failure: { message: 'start 2 failed.' } }]);
      expect(takenBack).toEqual([['start 2']]);
      expect(begun.map(({ id }) => id)).toEqual(['start 1', 'admit 1', 'start 3', 'admit 3', 'commit']);
    });

    it('fails as a whole when more places fail than may', async () => {
      const { takenBack, run } = failing(['admit 1', 'start 2']);
      const { begun, failure, spared } = await run(ruleOf(1));
      expect(failure).toMatchObject({ message: 'start 2 failed.' });
      expect(spared.map(({ place }) => place)).toEqual(['api-1']);
      expect(takenBack).toEqual([['start 1', 'admit 1']]);
      expect(begun.map(({ id }) => id)).toEqual(['start 2']);
    });

    it('stops where it is when it is to pause: what is done stays, the place that failed is taken back', async () => {
      const { takenBack, run } = failing(['admit 2']);
      const { begun, failure, paused } = await run(ruleOf(0, 'pause'));
      expect(paused).toBe(true);
      expect(failure).toMatchObject({ message: 'admit 2 failed.' });
      expect(takenBack).toEqual([['start 2', 'admit 2']]);
      expect(begun.map(({ id }) => id)).toEqual(['start 1', 'admit 1']);
    });

    it('fails as a whole when the place cannot be taken back alone', async () => {
      const broken = new LobbieError('INGRESS_FAILED', 'It does not follow.');
      const run = await runPlan(
        { steps: batches(ruleOf(1)), orphans: [] },
        options({
          act: (_step, id) => (id === 'start 2' ? Promise.reject(new Error('no')) : Promise.resolve(undefined)),
          takeBack: async () => broken,
        }),
      );
      expect(run).toMatchObject({ spared: [], paused: false, failure: { message: 'Error: no' } });
      expect(run.begun.map(({ id }) => id)).toEqual(['start 1', 'admit 1', 'start 2']);
    });

    it.each(['ENGINE_UNREACHABLE', 'INTERRUPTED'] as const)(
      'spares nothing when the whole failed: %s',
      async (code) => {
        const run = await runPlan(
          { steps: batches(ruleOf(3)), orphans: [] },
          options({
            act: () => Promise.reject(new LobbieError(code, 'It is gone.')),
            takeBack: () => expect.unreachable('nothing is taken back alone'),
          }),
        );
        expect(run).toMatchObject({ spared: [], failure: { code } });
      },
    );
  });
});
