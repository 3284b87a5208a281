import { Writable } from 'node:stream';
import { exitStatusOfError } from '../../src/exit-status.ts';
import type { Event, StepResult } from '../../src/model/events.ts';
import type { Receipt, ReceiptReplica } from '../../src/model/results.ts';
import type { ToldStep } from '../../src/model/step.ts';
import { createReporter } from '../../src/report/create-reporter.ts';
import type { Reporter, ReporterOptions } from '../../src/report/reporter.ts';
import { createStyle, type Style } from '../../src/report/style.ts';

/** The files that containers made, by number. */
export const file = (n: number): string =>
  `include-me-${['V1StGXR8Z5jdHi6B', 'aZ09kLmQpR7tYw3x', 'Qq8WwEe7RrTt5YyU', 'zzTop123AbCdEfGh'][n - 1] ?? n}.txt`;

export const container = (index: number, release = 'k3f9x2'): string => `lobbie-api-${index}-${release}`;

export const plainStyle = (width = Number.POSITIVE_INFINITY, unicode = true): Style =>
  createStyle({ colour: false, unicode, width, timeZone: 'UTC' });

/** A step on replica `api-<index>`. */
export const onReplica = (
  kind: 'start-replica' | 'gate-replica' | 'admit-replica' | 'drain-replica' | 'ask-replica' | 'retire-replica',
  index: number,
  release?: string,
): ToldStep => ({
  kind,
  replica: { service: 'api', index },
  container: container(index, release),
  spec: 'abc',
  path: '/file',
  reason: 'a reason',
});

export const started = (step: ToldStep, timeMs = 0, undo = false): Event => ({
  type: 'step-started',
  timeMs,
  id: idOf(step),
  step,
  undo,
});

export const done = (step: ToldStep, seconds: number, more: { result?: StepResult; undo?: boolean } = {}): Event => ({
  type: 'step-done',
  timeMs: 0,
  id: idOf(step),
  step,
  seconds,
  undo: false,
  ...more,
});

export const failed = (step: ToldStep, seconds: number, message: string): Extract<Event, { type: 'step-failed' }> => ({
  type: 'step-failed',
  timeMs: 0,
  id: idOf(step),
  step,
  seconds,
  undo: false,
  code: 'GATE_FAILED',
  message,
});

const idOf = (step: ToldStep): string => `${step.kind} ${'container' in step ? step.container : ''}`;

export const receiptReplica = (index: number, more: Partial<ReceiptReplica> = {}): ReceiptReplica => ({
  service: 'api',
  replica: `api-${index}`,
  container: container(index),
  file: file(index),
  ...more,
});

export const receipt = (more: Partial<Receipt> = {}): Receipt => ({
  type: 'receipt',
  outcome: 'deployed',
  project: 'lobbie',
  release: 'k3f9x2',
  seconds: { total: 1.93, build: 0, start: 0.7, gate: 0.6, switch: 0.4 },
  replicas: [1, 2].map((index) =>
    receiptReplica(index, { replaced: { container: container(index, 'a1b2c3'), file: file(index + 2) } }),
  ),
  requests: { total: 4812, failed: 0, retried: 0, serverErrors: 0 },
  url: ['http://localhost:8080'],
  published: [{ service: 'api', url: 'http://localhost:8080' }],
  warnings: [],
  ...more,
});

/** A stream that keeps what is written to it. */
const createSink = (): Writable & { text: () => string } => {
  let text = '';
  const sink = new Writable({
    write(chunk, _encoding, callback) {
      text += String(chunk);
      callback();
    },
  });
  return Object.assign(sink, { text: () => text });
};

/** A reporter whose streams are not terminals. */
export const createPiped = (
  mode: ReporterOptions['mode'],
  more: Partial<ReporterOptions> = {},
): { reporter: Reporter; out: () => string; err: () => string } => {
  const out = createSink();
  const err = createSink();
  const reporter = createReporter({
    mode,
    out,
    err,
    colour: true,
    clock: { now: () => 0, every: () => () => undefined },
    exitStatusOf: exitStatusOfError,
    mask: (text) => text,
    timeZone: 'UTC',
    ...more,
  });
  return { reporter, out: out.text, err: err.text };
};
