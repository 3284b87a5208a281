import { expect, test } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import type { Event } from '../../src/model/events.ts';
import type { Result } from '../../src/model/results.ts';
import { container, createPiped, done, failed, file, onReplica, started } from './fixtures.ts';

const told = (...events: Event[]): string => {
  const { reporter, err, out } = createPiped('plain');
  for (const event of events) reporter.event(event);
  expect(out()).toBe('');
  return err();
};

test('tells a recreation in a line an event, with the files that change', () => {
  const gate = onReplica('gate-replica', 1);
  const waiting = { type: 'gate-waiting', timeMs: 0, id: `gate-replica ${container(1)}` } as const;
  expect(
    told(
      {
        type: 'deploy-started',
        timeMs: 0,
        command: 'recreate',
        project: 'lobbie',
        release: 'k3f9x2',
        engine: 'unix:///var/run/docker.sock',
      },
      started(onReplica('start-replica', 1)),
      done(onReplica('start-replica', 1), 0.52),
      started(gate),
      { ...waiting, lastCheck: 'connection refused on port 3000' },
      { ...waiting, lastCheck: 'connection refused on port 3000' },
      { ...waiting, lastCheck: 'answered 503' },
      { ...waiting, lastCheck: 'connection refused on port 3000' },
      done(gate, 0.6),
      started(onReplica('admit-replica', 1)),
      done(onReplica('admit-replica', 1), 0.31),
      started(onReplica('ask-replica', 1)),
      done(onReplica('ask-replica', 1), 0.01, { result: { file: file(1), replaced: file(2) } }),
      done(onReplica('drain-replica', 1, 'a1b2c3'), 64),
      { type: 'warning', timeMs: 0, message: 'the image could not be removed' },
    ),
  ).toBe(`recreate lobbie, release k3f9x2, on unix:///var/run/docker.sock
api-1  started  0.5 s
api-1  checking  connection refused on port 3000
api-1  checking  answered 503
api-1  healthy  0.6 s
api-1  serving  0.3 s
api-1  answered  0.0 s  include-me-aZ09kLmQpR7tYw3x.txt → include-me-V1StGXR8Z5jdHi6B.txt
api-1  drained  1 min 4 s  lobbie-api-1-a1b2c3
warning: the image could not be removed
`);
});

test('tells of a build its steps, not its bytes', () => {
  const step = { kind: 'build-image', image: 'lobbie-api:3f9c', reason: '' } as const;
  const progress = (message: string, current: number): Event => ({
    type: 'image-progress',
    timeMs: 0,
    image: 'lobbie-api:3f9c',
    act: 'build',
    progress: { message, current, total: 9 },
  });
  expect(
    told(
      started(step),
      ...[1, 2, 3].map((bytes) => progress('[1/2] FROM debian', bytes)),
      ...[4, 5, 6].map((bytes) => progress('[2/2] COPY server.js .', bytes)),
      { type: 'image-done', timeMs: 0, image: 'lobbie-api:3f9c', act: 'build', seconds: 4.2 },
      done(step, 4.3),
    ),
  ).toBe(`lobbie-api  building  [1/2] FROM debian
lobbie-api  building  [2/2] COPY server.js .
lobbie-api  built  4.3 s  lobbie-api:3f9c
`);
});

test('tells of an image that no step asked for', () => {
  const image = 'registry.example:5000/debian:trixie';
  expect(
    told(
      {
        type: 'image-progress',
        timeMs: 0,
        image,
        act: 'pull',
        progress: { message: 'layer 1', current: 1, total: 2 },
      },
      { type: 'image-done', timeMs: 0, image, act: 'pull', seconds: 2 },
    ),
  ).toBe(`debian  pulling  layer 1
debian  pulled  2.0 s  registry.example:5000/debian:trixie
`);
});

test('tells a failure and its undoing in words', () => {
  expect(
    told(
      started(onReplica('gate-replica', 2)),
      failed(onReplica('gate-replica', 2), 30, 'Replica api-2 was not healthy after 30 s.'),
      { type: 'undo-started', timeMs: 0, because: 'replica api-2 was not healthy' },
      done(onReplica('admit-replica', 1, 'a1b2c3'), 0.3, { undo: true }),
      done(onReplica('retire-replica', 1), 0.4, { undo: true }),
      { type: 'repairing', timeMs: 0, release: 'zzz' },
    ),
  ).toBe(`api-2  failed  30.0 s  Replica api-2 was not healthy after 30 s.
restoring what ran before: replica api-2 was not healthy
api-1  serves again  0.3 s
api-1  removed  0.4 s  lobbie-api-1-k3f9x2
warning: release zzz was left unfinished: repairing it first
`);
});

test('tells a failure once, though it stops other steps and is why all is undone', () => {
  const message = 'Replica api-2 was not healthy.';
  expect(
    told(failed(onReplica('gate-replica', 2), 30, message), failed(onReplica('gate-replica', 1), 29, message), {
      type: 'undo-started',
      timeMs: 0,
      because: message,
    }),
  ).toBe(`api-2  failed  30.0 s  Replica api-2 was not healthy.
api-1  stopped  29.0 s
restoring what ran before
`);
});

test('calls what Ctrl-C ended stopped, not failed', () => {
  const message = 'Interrupted by SIGINT.';
  expect(
    told(
      { ...failed(onReplica('gate-replica', 1), 2, message), code: 'INTERRUPTED' },
      { type: 'undo-started', timeMs: 0, because: message },
    ),
  ).toBe(`api-1  stopped  2.0 s
restoring what ran before: Interrupted by SIGINT.
`);
});

test('lets no control character through, whatever names and messages hold', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b[2J', '\u001b]0;title\u0007', '\u009b31m', 'a\r\nb\u0000', '\u001b', '\u202egpj.exe'),
  );
  fc.assert(
    fc.property(nasty, nasty, nasty, (name, message, other) => {
      const { reporter, out, err } = createPiped('plain');
      const text = `${name}${message}${other}`;
      const step = {
        kind: 'gate-replica',
        replica: { service: name, index: 1 },
        container: other,
        reason: message,
      } as const;
      const image = { kind: 'build-image', image: name, reason: message } as const;
      const replicas = [{ service: name, replica: name, container: other, file: text, replaced: { container: text } }];
      for (const event of [
        { type: 'deploy-started', timeMs: 0, command: name, project: message, release: other, engine: text },
        { type: 'repairing', timeMs: 0, release: text },
        started(step),
        { type: 'gate-waiting', timeMs: 0, id: `gate-replica ${other}`, lastCheck: text },
        failed(step, 1, text),
        done(step, 1, { result: { file: name, replaced: message } }),
        started(image),
        { type: 'image-progress', timeMs: 0, image: name, act: 'build', progress: { message: text } },
        done(image, 1),
        { type: 'undo-started', timeMs: 0, because: text },
        { type: 'warning', timeMs: 0, message: text },
      ] satisfies Event[]) {
        reporter.event(event);
      }
      for (const result of [
        {
          type: 'receipt',
          outcome: 'failed-not-restored',
          project: name,
          release: other,
          seconds: { total: 1, build: 0, start: 0, gate: 0, switch: 0 },
          replicas,
          url: [text],
          published: [
            { service: name, url: text },
            { service: other, url: text },
          ],
          pauses: { [name]: 1 },
          warnings: [text],
          error: { code: 'BUG', message: text, hint: text, details: [text] },
        },
        {
          type: 'plan',
          project: name,
          plan: {
            steps: [{ id: 'a', after: [], step: { kind: 'create-network', name, reason: text } }],
            orphans: [other],
          },
          impacts: [{ service: name, notice: text, changes: [other] }],
        },
        { type: 'down', outcome: 'down', project: name, removed: [text], kept: [other] },
        {
          type: 'history',
          containers: [
            {
              file: text,
              container: name,
              service: null,
              replica: other,
              release: message,
              image: text,
              started: text,
              ended: null,
              running: false,
            },
          ],
        },
      ] satisfies Result[]) {
        reporter.result(result);
      }
      reporter.error(new Error(text));
      expect(out() + err()).not.toMatch(/[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
