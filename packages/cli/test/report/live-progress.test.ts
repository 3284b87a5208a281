import { expect, test } from 'vitest';
import { exitStatusOfError } from '../../src/exit-status.ts';
import type { Event } from '../../src/model/events.ts';
import type { ToldStep } from '../../src/model/step.ts';
import { createReporter } from '../../src/report/create-reporter.ts';
import { container, done, failed, file, onReplica, receipt, started } from './fixtures.ts';
import { createScreen } from './screen.ts';

/** A reporter on a terminal whose clock and spinner the test moves. */
const createLive = (columns = 80, rows = 24, unicode = true) => {
  const screen = createScreen(columns, rows);
  let nowMs = 0;
  let tick = (): void => {};
  let ticking = false;
  const reporter = createReporter({
    mode: 'tty',
    out: screen.stream,
    err: screen.stream,
    colour: true,
    unicode,
    exitStatusOf: exitStatusOfError,
    mask: (text) => text,
    clock: {
      now: () => nowMs,
      every: (_ms, callback) => {
        tick = callback;
        ticking = true;
        return () => {
          ticking = false;
        };
      },
    },
  });
  return {
    screen,
    reporter,
    tell: (...events: Event[]) => events.forEach(reporter.event),
    at: (ms: number) => {
      nowMs = ms;
      if (ticking) tick();
    },
    ticking: () => ticking,
  };
};
const build: ToldStep = { kind: 'build-image', image: 'lobbie-api:3f9c', reason: '' };
const instruction = (message: string, current: number): Event => ({
  type: 'image-progress',
  timeMs: 0,
  image: 'lobbie-api:3f9c',
  act: 'build',
  progress: { message, current, total: 12 },
});

test('moves what goes on at the bottom while what is done scrolls up', async () => {
  const { screen, tell, at } = createLive(90);
  tell(started(onReplica('gate-replica', 2)), started(onReplica('gate-replica', 1)), {
    type: 'gate-waiting',
    timeMs: 0,
    id: `gate-replica ${container(2)}`,
    lastCheck: 'connection refused on port 3000',
  });
  at(1200);
  expect(await screen.lines()).toEqual([
    '⠙ api-1     checking      1.2 s',
    '⠙ api-2     checking      1.2 s  connection refused on port 3000',
  ]);
  tell(done(onReplica('gate-replica', 1), 1.3), started(onReplica('admit-replica', 1), 1300));
  tell(
    started(onReplica('ask-replica', 1), 1300),
    done(onReplica('ask-replica', 1), 0, { result: { file: file(1), replaced: file(2) } }),
  );
  at(1500);
  expect(await screen.lines()).toEqual([
    '✓ api-1     healthy       1.3 s',
    '⠹ api-1     admitting     0.2 s',
    '⠹ api-2     checking      1.5 s  connection refused on port 3000',
  ]);
  tell(done(onReplica('admit-replica', 1), 0.3));
  expect(await screen.lines()).toEqual([
    '✓ api-1     healthy       1.3 s',
    '✓ api-1     serving       0.3 s  include-me-aZ…QpR7tYw3x.txt → include-me-V1…8Z5jdHi6B.txt',
    '⠹ api-2     checking      1.5 s  connection refused on port 3000',
  ]);
});

test('shows a bar and the instruction of a build', async () => {
  const { screen, tell, at } = createLive(80);
  tell(started(build), instruction('[7/12] RUN npm ci --omit=dev --no-audit', 6));
  at(4200);
  expect(await screen.lines()).toEqual([
    '⠙ lobbie-api  building      4.2 s  ━━━━━━━━━━────────── 50%  [7/12] RUN npm ci…',
  ]);
  tell(done(build, 5));
  expect(await screen.lines()).toEqual(['✓ lobbie-api  built         5.0 s  lobbie-api:3f9c']);
});

test('draws with ASCII where the terminal knows no more', async () => {
  const { screen, tell, at } = createLive(60, 24, false);
  tell(started(build), instruction('[7/12] RUN npm ci', 6));
  at(4200);
  tell(done(onReplica('gate-replica', 1), 1));
  expect(await screen.lines()).toEqual([
    '+ api-1       healthy       1.0 s',
    '/ lobbie-api  building      4.2 s  #####..... 50%  [7/12...',
  ]);
});

test('shows how many more go on than the terminal has lines', async () => {
  const { screen, tell, at } = createLive(60, 5);
  tell(...[1, 2, 3, 4, 5].map((index) => started(onReplica('start-replica', index))));
  at(100);
  expect(await screen.lines()).toEqual([
    '⠙ api-1     starting      0.1 s',
    '⠙ api-2     starting      0.1 s',
    '  … and 3 more',
  ]);
});

test('ends with the receipt, without a trace of what moved', async () => {
  const { screen, tell, at, reporter, ticking } = createLive(100);
  tell(started(onReplica('gate-replica', 1)));
  at(100);
  tell(done(onReplica('gate-replica', 1), 0.6));
  reporter.result(receipt());
  reporter.close();
  expect(await screen.lines()).toEqual([
    '✓ api-1     healthy       0.6 s',
    '',
    'lobbie k3f9x2 deployed in 1.9 s  (build 0.0, start 0.7, gate 0.6, switch 0.4)',
    '',
    '  replica  container            file                             replaced',
    '  api-1    lobbie-api-1-k3f9x2  include-me-V1StGXR8Z5jdHi6B.txt  include-me-Qq8WwEe7RrTt5YyU.txt',
    '  api-2    lobbie-api-2-k3f9x2  include-me-aZ09kLmQpR7tYw3x.txt  include-me-zzTop123AbCdEfGh.txt',
    '',
    '  http://localhost:8080    4812 requests during the rollout, 0 failed, 0 retried',
  ]);
  expect(ticking()).toBe(false);
});

test('tells a failure, its undoing, the error and what serves, in this order', async () => {
  const { screen, tell, reporter } = createLive(72);
  const message = 'Replica api-2 was not healthy after 30 s (connection refused on port 3000).';
  tell(
    started(onReplica('gate-replica', 2)),
    failed(onReplica('gate-replica', 2), 30, message),
    { type: 'undo-started', timeMs: 0, because: 'replica api-2 was not healthy after 30 s, and so nothing stays' },
    done(onReplica('admit-replica', 1, 'a1b2c3'), 0.3, { undo: true }),
    done(onReplica('drain-replica', 1), 0.3, { undo: true }),
    done(onReplica('retire-replica', 1), 0.4, { undo: true }),
  );
  const error = { code: 'GATE_FAILED', message, hint: 'Run `lobbie logs api-2`.', details: ['exit 1'] };
  reporter.result(receipt({ outcome: 'failed-restored', replicas: [], published: [], error }));
  expect(await screen.lines()).toEqual([
    '✗ api-2     failed       30.0 s  Replica api-2 was not healthy after 30…',
    '↩ restoring what ran before: replica api-2 was not healthy after 30 s,',
    '  and so nothing stays',
    '↩ api-1     serves again  0.3 s',
    '↩ api-1     removed       0.4 s  lobbie-api-1-k3f9x2',
    '',
    '✗ Replica api-2 was not healthy after 30 s (connection refused on port',
    '  3000).',
    '  │ exit 1',
    '  → Run `lobbie logs api-2`.',
    '',
    'lobbie k3f9x2 failed after 1.9 s, and everything was restored. Nothing',
    'runs, as before.',
    '',
    '  4812 requests during the rollout, 0 failed, 0 retried',
  ]);
});

test('gives the cursor back when it is closed in the middle of a frame', async () => {
  const { screen, tell, at, reporter, ticking } = createLive();
  tell(done(onReplica('gate-replica', 1), 0.6), started(onReplica('gate-replica', 2)));
  at(100);
  expect(await screen.cursorHidden()).toBe(true);
  reporter.close();
  reporter.close();
  expect(await screen.cursorHidden()).toBe(false);
  expect(ticking()).toBe(false);
  expect(await screen.lines()).toEqual(['✓ api-1     healthy       0.6 s']);
  tell(started(onReplica('gate-replica', 3)));
  expect(await screen.cursorHidden()).toBe(false);
  expect(screen.stream.listenerCount('resize')).toBe(0);
});

test('leaves nothing behind when the terminal turns narrow and wide again', async () => {
  const { screen, tell, at, reporter } = createLive(100, 12);
  const wide = `gate ${'x'.repeat(90)}`;
  // A full terminal: one with room below moves lines up instead of wrapping in place.
  tell(...Array.from({ length: 14 }, (_, n): Event => ({ type: 'warning', timeMs: 0, message: `line ${n}` })));
  for (const index of [1, 2, 3]) {
    tell(started(onReplica('gate-replica', index)));
    tell({ type: 'gate-waiting', timeMs: 0, id: `gate-replica ${container(index)}`, lastCheck: wide });
  }
  at(100);
  await screen.resize(40, 12);
  at(200);
  await screen.resize(90, 12);
  at(300);
  const lines = await screen.lines();
  expect(lines.slice(0, 14)).toEqual(Array.from({ length: 14 }, (_, n) => `! line ${n}`));
  expect(lines.slice(14).map((line) => line.slice(0, 15))).toEqual([1, 2, 3].map((index) => `⠸ api-${index}     che`));
  reporter.close();
  expect(await screen.lines()).toHaveLength(14);
});

test('writes each change in one piece', () => {
  const { screen, tell, at } = createLive();
  tell(started(onReplica('gate-replica', 1)), started(onReplica('gate-replica', 2)));
  at(100);
  const before = screen.writes();
  tell(done(onReplica('gate-replica', 1), 0.6));
  expect(screen.writes()).toBe(before + 1);
});

test('takes control characters out of names and messages', async () => {
  const { screen, tell, at } = createLive();
  const step = { ...onReplica('gate-replica', 1), replica: { service: 'a\u001b[2Jpi', index: 1 } } as ToldStep;
  tell(done(onReplica('gate-replica', 2), 1), started(step));
  tell({ type: 'gate-waiting', timeMs: 0, id: `gate-replica ${container(1)}`, lastCheck: 'a\n\u001b[Hb' });
  at(100);
  expect(await screen.lines()).toEqual(['✓ api-2     healthy       1.0 s', '⠙ api-1     checking      0.1 s  a b']);
});
