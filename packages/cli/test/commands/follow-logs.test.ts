import { describe, expect, it } from 'vitest';
import { followLogs } from '../../src/commands/follow-logs.ts';
import { refusal } from '../../src/engine/engine-error.ts';
import type { ContainerSummary, LogEntry, LogOptions } from '../../src/model/container.ts';
import { LobbieError } from '../../src/model/errors.ts';
import { LABEL } from '../../src/model/names.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const replica = (service: string): ContainerSummary => ({
  id: service,
  name: `p-${service}-1-r1`,
  image: 'app:1',
  imageId: 'sha256:1',
  labels: { [LABEL.service]: service, [LABEL.index]: '1' },
  state: 'running',
  health: 'none',
  addresses: {},
  heldAddresses: {},
  ports: [],
  exitCode: undefined,
});

type Log = (options: LogOptions, time: number) => AsyncIterable<LogEntry>;

const entry = (timeMs: number): LogEntry => ({ timeMs, stream: 'stdout', text: `line ${timeMs}` });

/** Follows logs until the clock has gone so many turns of half a second. */
async function follow(logsOf: Readonly<Record<string, Log>>, turns: number) {
  const engine = scriptedEngine();
  const context = commandContext(engine);
  const stop = new AbortController();
  const reads: Record<string, LogOptions[]> = {};
  const lines: string[] = [];
  const warnings: string[] = [];
  let nowMs = 0;
  const replicas = Object.keys(logsOf).map(replica);
  Object.assign(engine, {
    inspectContainer: async (id: string) => ({ ...replica(id), startedAtMs: 1 }),
    logs: (id: string, options: LogOptions) => {
      const asked = [...(reads[id] ?? []), options];
      reads[id] = asked;
      return logsOf[id]?.(options, asked.length);
    },
  });
  await followLogs(
    {
      ...context,
      signal: stop.signal,
      report: (event) => event.type === 'warning' && warnings.push(event.message),
      clock: {
        ...context.clock,
        now: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms;
          await new Promise((resolve) => setImmediate(resolve));
          if (nowMs >= turns * 500) stop.abort();
        },
      },
    },
    async () => replicas,
    { tail: 3 },
    ({ replica: name, text }) => lines.push(`${name} ${text}`),
  );
  return { lines, warnings, reads };
}

const endless: Log = async function* ({ signal }) {
  yield entry(1);
  await new Promise((resolve) => signal?.addEventListener('abort', resolve));
};

describe('followLogs', () => {
  it('tells once that a log cannot be read, tries it no more, and follows the others', async () => {
    // biome-ignore lint/correctness/useYield: it is refused before the first line
    const none: Log = async function* () {
      throw refusal('configured logging driver does not support reading', 'read the log');
    };
    const { lines, warnings, reads } = await follow({ mute: none, api: endless }, 50);
    expect(lines).toEqual(['api-1 line 1']);
    expect(warnings).toEqual([
      'The log of mute-1 cannot be read: its logging driver does not store logs. Set another logging.driver for service mute, such as json-file or local, and deploy.',
    ]);
    expect(reads.mute).toHaveLength(1);
  });

  it('tells once that a log breaks off again and again, and asks less and less often', async () => {
    const broken: Log = async function* () {};
    const { warnings, reads } = await follow({ api: broken }, 200);
    expect(warnings).toEqual([expect.stringMatching(/^The log of api-1 broke off although the replica is running\./)]);
    expect(reads.api?.length).toBeGreaterThan(3);
    expect(reads.api?.length).toBeLessThan(15);
    // Nothing was read yet: it is asked for as before.
    expect(reads.api?.every(({ tail }) => tail === 3)).toBe(true);
  });

  it('reads on after the last line where a log breaks off with lines', async () => {
    const pieces: Log = async function* (_, time) {
      yield entry(time * 10);
    };
    const { lines, warnings, reads } = await follow({ api: pieces }, 10);
    expect(lines.slice(0, 3)).toEqual(['api-1 line 10', 'api-1 line 20', 'api-1 line 30']);
    expect(reads.api?.[1]).toMatchObject({ sinceMs: 11 });
    expect(warnings).toEqual([]);
  });

  it('ends with the error where the engine is gone', async () => {
    // biome-ignore lint/correctness/useYield: it fails before the first line
    const gone: Log = async function* () {
      throw new LobbieError('ENGINE_UNREACHABLE', 'No engine.');
    };
    await expect(follow({ api: gone }, 50)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  });
});
