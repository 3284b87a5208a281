import { describe, expect, it } from 'vitest';
import { LobbieError } from '../../src/model/errors.ts';
import type { Event } from '../../src/model/events.ts';
import type { Result } from '../../src/model/results.ts';
import { createPiped, receipt } from './fixtures.ts';

const SECRET = 'hunter22';
const SAID = `he said ${SECRET}`;
const timeMs = 0;
const step = { kind: 'build-image', image: 'web:1', reason: '' } as const;

/** One event of each kind, with a secret in every text that others may have written. */
const EVENTS: { readonly [Type in Event['type']]: Extract<Event, { type: Type }> } = {
  'deploy-started': { type: 'deploy-started', timeMs, command: 'deploy', project: 'p', release: 'r', engine: SAID },
  repairing: { type: 'repairing', timeMs, release: 'r' },
  'image-progress': {
    type: 'image-progress',
    timeMs,
    image: 'web:1',
    act: 'build',
    progress: { message: SAID, current: 1, total: 2 },
  },
  'image-done': { type: 'image-done', timeMs, image: 'web:1', act: 'build', seconds: 1 },
  'step-started': { type: 'step-started', timeMs, id: 'a', step, undo: false },
  'step-done': {
    type: 'step-done',
    timeMs,
    id: 'a',
    step,
    seconds: 1,
    undo: false,
    result: { file: SAID, answer: SAID, replaced: SAID },
  },
  'step-failed': {
    type: 'step-failed',
    timeMs,
    id: 'a',
    step,
    seconds: 1,
    undo: false,
    code: 'GATE_FAILED',
    message: SAID,
  },
  'gate-waiting': { type: 'gate-waiting', timeMs, id: 'a', lastCheck: SAID },
  'undo-started': { type: 'undo-started', timeMs, because: SAID },
  warning: { type: 'warning', timeMs, message: SAID },
};

const replica = { service: 'api', replica: 'api-1', container: 'c' };
const RESULTS: { readonly [Type in Exclude<Result['type'], 'config'>]: Result } = {
  receipt: receipt({
    outcome: 'failed-restored',
    replicas: [{ ...replica, answer: SAID, replaced: { container: 'b', answer: SAID } }],
    error: { code: 'GATE_FAILED', message: SAID, hint: SAID, details: [SAID] },
    warnings: [SAID],
  }),
  plan: {
    type: 'plan',
    project: 'p',
    notes: [SAID],
    plan: { steps: [], orphans: [] },
    impacts: [{ service: 'api', notice: SAID, changes: [SAID], advice: SAID }],
  },
  status: {
    type: 'status',
    project: 'p',
    release: 'r',
    url: [],
    published: [],
    asDeployed: false,
    replicas: [
      {
        ...replica,
        state: 'exited',
        health: 'none',
        problem: SAID,
        restarts: 0,
        exitCode: 1,
        admitted: null,
        file: null,
        release: 'r',
        address: null,
        uptimeSeconds: null,
        memoryBytes: null,
        cpuCores: null,
      },
    ],
    ingresses: [
      {
        service: 'api',
        container: 'i',
        state: 'exited',
        problem: SAID,
        ports: [],
        release: 'r',
        address: null,
        uptimeSeconds: null,
      },
    ],
    problems: [SAID],
    warnings: [SAID],
  },
  history: { type: 'history', containers: [] },
  down: { type: 'down', outcome: 'down', project: 'p', removed: [SAID], kept: [SAID] },
  'ingress-image': { type: 'ingress-image', outcome: 'present', image: 'i' },
};

const mask = (text: string): string => text.replaceAll(SECRET, '***');
const MODES = ['tty', 'plain', 'json', 'quiet'] as const;

describe.each(MODES)('the output in mode %s', (mode) => {
  it.each(Object.entries(EVENTS))('shows no secret in the event %s', (_, event) => {
    const { reporter, out, err } = createPiped(mode, { mask });
    reporter.event(EVENTS['step-started']);
    reporter.event(event);
    reporter.close();
    expect(out() + err()).not.toContain(SECRET);
  });

  it.each(Object.entries(RESULTS))('shows no secret in the result %s', (_, result) => {
    const { reporter, out, err } = createPiped(mode, { mask });
    reporter.result(result);
    reporter.close();
    const told = out() + err();
    expect(told).not.toContain(SECRET);
    if (mode === 'json' && JSON.stringify(result).includes(SECRET)) expect(told).toContain('he said ***');
  });

  it.each([
    ['an error', new LobbieError('ENGINE_ERROR', SAID, { hint: SAID, details: [SAID], cause: new Error(SAID) })],
    ['a bug', new TypeError(SAID)],
    ['a bug that was found out', new LobbieError('BUG', SAID, { cause: new TypeError(SAID, { cause: SAID }) })],
    ['no error at all', SAID],
  ])('shows no secret in %s', (_, error) => {
    const { reporter, out, err } = createPiped(mode, { mask });
    reporter.error(error);
    reporter.close();
    expect(out() + err()).not.toContain(SECRET);
    expect(out() + err()).toContain('he said ***');
  });

  it('shows no secret in a line of a log', () => {
    const { reporter, out } = createPiped(mode, { mask });
    reporter.log({ replica: 'api-1', timeMs, stream: 'stdout', text: SAID });
    expect(out()).toContain('he said ***');
    expect(out()).not.toContain(SECRET);
  });
});

it('keeps the code and the stack of an error', () => {
  const { reporter, out } = createPiped('json', { mask });
  reporter.error(new LobbieError('LEASE_TAKEN', 'taken'));
  reporter.error(new TypeError(SAID));
  const [taken, bug] = out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(taken).toMatchObject({ code: 'LEASE_TAKEN', exit: 7 });
  expect(bug).toMatchObject({ code: 'BUG', exit: 1, message: expect.stringContaining('TypeError: he said ***') });
  expect(bug.details.join('\n')).toContain('mask-output.test.ts');
});
