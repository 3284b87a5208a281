import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/engine/engine-error.ts';
import { lastLog } from '../../../src/rollout/gate/last-log.ts';
import { scriptedEngine } from '../scripted-engine.ts';

/** An engine whose logs are these lines, and then this failure. */
const logging = (lines: readonly string[], failure?: Error) => ({
  ...scriptedEngine(),
  async *logs() {
    for (const text of lines) yield { timeMs: 0, stream: 'stdout' as const, text };
    if (failure !== undefined) throw failure;
  },
});

describe('the last log of a container that failed', () => {
  it('is its last 20 lines', async () => {
    const lines = Array.from({ length: 25 }, (_, at) => `line ${at}`);
    const log = await lastLog(logging(lines), 'c', 'web');
    expect(log.lines).toEqual(lines.slice(5));
    expect(log.details).toEqual(['log', ...lines.slice(5).map((line) => `  ${line}`)]);
    expect(log.hint).toBeUndefined();
  });

  it('says that there is none where it wrote nothing', async () => {
    expect((await lastLog(logging([]), 'c', 'web')).details).toEqual(['log          (it wrote nothing)']);
  });

  it('says that its driver keeps none, and how to get one', async () => {
    const error = refusal('configured logging driver does not support reading', 'read the logs of container "c"');
    expect(await lastLog(logging([], error), 'c', 'web')).toEqual({
      lines: [],
      details: ['log          (cannot be read: its logging driver does not store logs)'],
      hint: 'To see its log here, set logging.driver of service web to json-file or local.',
    });
  });

  it('says why it cannot be read otherwise', async () => {
    const error = refusal('No such container: c', 'read the logs of container "c"');
    expect((await lastLog(logging([], error), 'c', 'web')).details).toEqual([
      'log          (cannot be read: Could not read the logs of container "c": there is no container c)',
    ]);
  });

  it('keeps what came before a failure', async () => {
    expect((await lastLog(logging(['one'], new Error('gone')), 'c', 'web')).lines).toEqual(['one']);
  });
});
