import { expect, test } from 'vitest';
import { LobbieError } from '../../src/model/errors.ts';
import type { Result } from '../../src/model/results.ts';
import { container, createPiped, file, receipt } from './fixtures.ts';

const quietly = (result: Result): string => {
  const { reporter, out, err } = createPiped('quiet');
  reporter.event({ type: 'warning', timeMs: 0, message: 'not told' });
  reporter.result(result);
  reporter.close();
  expect(err()).toBe('');
  return out();
};

test('quiet: gives the addresses of a deploy, or its containers where it has none', () => {
  expect(quietly(receipt())).toBe('http://localhost:8080\n');
  expect(quietly(receipt({ url: [] }))).toBe(`${container(1)}\n${container(2)}\n`);
});

test('quiet: gives names, a line each', () => {
  expect(quietly({ type: 'down', outcome: 'down', project: 'lobbie', removed: ['a', 'b'], kept: ['c'] })).toBe(
    'a\nb\n',
  );
  const unknown = { service: null, replica: null, release: null, image: null, started: null, ended: null };
  expect(
    quietly({
      type: 'history',
      containers: [
        { ...unknown, file: file(1), container: 'one', running: true },
        { ...unknown, file: null, container: 'two', running: false },
      ],
    }),
  ).toBe(`${file(1)}\ntwo\n`);
  expect(quietly({ type: 'history', containers: [] })).toBe('');
});

test('quiet: gives nothing for a deploy that failed, but its error', () => {
  const { reporter, out, err } = createPiped('quiet');
  const error = new LobbieError('GATE_FAILED', 'api-1 is not healthy.', { hint: 'Run `lobbie logs api-1`.' });
  reporter.result(
    receipt({
      outcome: 'failed-restored',
      error: { code: error.code, message: error.message, hint: 'Run `lobbie logs api-1`.', details: [] },
    }),
  );
  reporter.error(error);
  expect(out()).toBe('');
  expect(err()).toBe('✗ api-1 is not healthy.\n  → Run `lobbie logs api-1`.\n');
});

test('tells an error once, whether it comes before or after the receipt that carries it', () => {
  const error = new LobbieError('GATE_FAILED', 'api-1 is not healthy.');
  const failed = receipt({
    outcome: 'failed-restored',
    replicas: [],
    error: { code: error.code, message: error.message, details: [] },
  });
  const before = createPiped('plain');
  before.reporter.error(error);
  before.reporter.result(failed);
  const after = createPiped('plain');
  after.reporter.result(failed);
  after.reporter.error(error);
  expect(before.err()).toBe('✗ api-1 is not healthy.\n');
  expect(after.err()).toBe(before.err());
});

test('prints a plan, to programs as the same lines', () => {
  const step = { kind: 'build-image', image: 'x', reason: 'its content is new' } as const;
  const plan = { steps: [{ id: 'build', after: [], step }], orphans: [] };
  const impacts = [{ service: 'api', notice: 'nothing', changes: [] }];
  const lines = ['1  build-image  x  its content is new', '', 'what users will notice', '  api  nothing'];
  const [text, json] = [createPiped('plain'), createPiped('json')];
  for (const { reporter } of [text, json]) reporter.result({ type: 'plan', project: 'lobbie', plan, impacts });
  expect(text.out()).toBe(`${lines.join('\n')}\n`);
  expect(JSON.parse(json.out())).toEqual({ type: 'plan', project: 'lobbie', lines });
});

test('tells what went and what stays', () => {
  const { reporter, out } = createPiped('plain');
  const down = { type: 'down', project: 'lobbie', kept: [] } as const;
  const removed = ['lobbie-api-1', 'lobbie_default'];
  reporter.result({ ...down, outcome: 'down', removed, kept: ['/history'] });
  reporter.result({ ...down, outcome: 'not-deployed', removed: [] });
  reporter.result({ ...down, outcome: 'declined', removed: [], kept: ['everything'] });
  expect(out()).toBe(`lobbie is down.

  removed  lobbie-api-1
           lobbie_default
  kept     /history
lobbie was not deployed: nothing to remove.
Nothing was removed.
`);
});

test('aligns log lines by the longest name seen, or by the width it is told', () => {
  const { reporter, out } = createPiped('plain');
  const line = (replica: string) => ({ replica, timeMs: 0, stream: 'stdout', text: 'hello' }) as const;
  reporter.log(line('api-1'));
  reporter.log(line('worker-1'));
  reporter.log(line('api-1'));
  reporter.log(line('api-1'), 10);
  expect(out()).toBe('api-1 │ hello\nworker-1 │ hello\napi-1    │ hello\napi-1      │ hello\n');
});
