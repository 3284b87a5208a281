import { expect, test } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import type { PlannedStep } from '../../src/model/plan.ts';
import type { ToldStep } from '../../src/model/step.ts';
import { planLines } from '../../src/report/plan-lines.ts';
import { onReplica } from './fixtures.ts';

const planned = (id: string, after: string[], step: ToldStep): PlannedStep<ToldStep> => ({ id, after, step });

test('shows the steps in an order they can be done in, each with those it waits for, its subject and reason, then what users notice, what changed, and the orphans', () => {
  const steps = [
    planned('build', [], { kind: 'build-image', image: 'lobbie-api:3f9c', reason: 'its content is new' }),
    planned('start 1', ['build'], { ...onReplica('start-replica', 1), reason: 'does not exist yet' }),
    planned('gate 1', ['start 1'], { ...onReplica('gate-replica', 1), reason: 'checks that it works' }),
    planned('start 2', ['build'], { ...onReplica('start-replica', 2), reason: 'does not exist yet' }),
    planned('network', [], { kind: 'create-network', name: 'lobbie_default', reason: 'it is missing' }),
    planned('commit', ['gate 1', 'start 2'], {
      kind: 'commit-release',
      release: 'k3f9x2',
      containers: [],
      reason: 'all are healthy',
    }),
  ];
  const impacts = [
    { service: 'api', notice: 'nothing', changes: ['environment.LOG_LEVEL: "info" → "debug"', 'image: a → b'] },
    { service: 'wiki', notice: 'a pause of about 2 s', changes: [] },
  ];
  expect(`\n${planLines({ steps, orphans: ['old-worker'] }, impacts).join('\n')}\n`).toBe(`
1              build-image     lobbie-api:3f9c      its content is new
2              create-network  lobbie_default       it is missing
3  after 1     start-replica   lobbie-api-1-k3f9x2  does not exist yet
4  after 1     start-replica   lobbie-api-2-k3f9x2  does not exist yet
5  after 3     gate-replica    lobbie-api-1-k3f9x2  checks that it works
6  after 4, 5  commit-release  k3f9x2               all are healthy

what users will notice
  api   nothing
          environment.LOG_LEVEL: "info" → "debug"
          image: a → b
  wiki  a pause of about 2 s

running, but in no file
  old-worker  removed with --remove-orphans
`);
});

test('names the steps that a step waits for itself, and three or more in a row as a range', () => {
  const network = (id: string, ...after: string[]) =>
    planned(id, after, { kind: 'create-network', name: id, reason: 'r' });
  const steps = [
    network('a'),
    network('b'),
    network('c'),
    network('d'),
    network('e', 'a', 'b', 'c'),
    // Without what e waits for, and without what was done before.
    network('f', 'a', 'c', 'e', 'done before'),
    network('g', 'd', 'f', 'f', 'a'),
  ];
  expect(planLines({ steps, orphans: [] }, [])).toEqual([
    '1              create-network  a  r',
    '2              create-network  b  r',
    '3              create-network  c  r',
    '4              create-network  d  r',
    '5  after 1-3   create-network  e  r',
    '6  after 5     create-network  f  r',
    '7  after 4, 6  create-network  g  r',
  ]);
});

test('keeps within the width: what does not fit goes on below itself, or below its row', () => {
  const steps = [
    planned('start', [], {
      ...onReplica('start-replica', 1),
      reason: 'api-1 is replaced by tester-shop-api-1-ij627u, and lobbie-api-1-k3f9x2 is not healthy',
    }),
  ];
  const impacts = [
    { service: 'api', notice: 'nothing', changes: ['environment.GREETING: "hello to everybody" → "hello, you there"'] },
  ];
  const text = (width: number) => `\n${planLines({ steps, orphans: [] }, impacts, width).join('\n')}\n`;
  expect(text(66)).toBe(`
1  start-replica  lobbie-api-1-k3f9x2  api-1 is replaced by
                                       tester-shop-api-1-ij627u,
                                       and lobbie-api-1-k3f9x2 is
                                       not healthy

what users will notice
  api  nothing
         environment.GREETING: "hello to everybody" → "hello, you
         there"
`);
  expect(text(50)).toBe(`
1  start-replica  lobbie-api-1-k3f9x2
     api-1 is replaced by
     tester-shop-api-1-ij627u, and
     lobbie-api-1-k3f9x2 is not healthy

what users will notice
  api  nothing
         environment.GREETING: "hello to
         everybody" → "hello, you there"
`);
});

test('says that nothing is to be done', () => {
  expect(planLines({ steps: [], orphans: [] }, [])).toEqual(['nothing to do']);
  const unnoticed = { service: 'api', notice: 'nothing', changes: [] };
  expect(planLines({ steps: [], orphans: [] }, [unnoticed])).toEqual(['nothing to do']);
  expect(planLines({ steps: [], orphans: [] }, [unnoticed, { ...unnoticed, service: 'db', changes: ['a'] }])).toEqual([
    'nothing to do',
    '',
    'what users will notice',
    '  api  nothing',
    '  db   nothing',
    '         a',
  ]);
});

test('never shows a step before one that it waits for, and shows every step once', () => {
  const graphs = fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { maxLength: 30 });
  fc.assert(
    fc.property(graphs, (graph) => {
      const steps = graph.map((before, index) =>
        planned(
          `s${index}`,
          before.filter((other) => other < index).map((other) => `s${other}`),
          { kind: 'create-network', name: `n${index}`, reason: 'a reason' },
        ),
      );
      const lines = planLines({ steps: steps.toReversed(), orphans: [] }, []);
      const place = (id: string) => lines.findIndex((line) => line.includes(` n${id.slice(1)} `));
      expect(lines).toHaveLength(Math.max(1, steps.length));
      for (const { id, after } of steps) for (const other of after) expect(place(other)).toBeLessThan(place(id));
    }),
  );
});

test('ends on a plan whose steps wait for each other', () => {
  const step: ToldStep = { kind: 'create-network', name: 'n', reason: 'r' };
  expect(planLines({ steps: [planned('a', ['b'], step), planned('b', ['a'], step)], orphans: [] }, [])).toHaveLength(2);
});
