import { expect, it } from 'vitest';
import { logs } from '../../src/commands/logs.ts';
import type { ReplicaLogLine } from '../../src/model/results.ts';
import { describeEngine } from '../engine-available.ts';
import { commandContext } from '../promises/command-context.ts';
import { aService } from '../rollout/a-service.ts';
import { deployServices } from '../rollout/deploy-services.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';

/** Says its name and a number, again and again. */
const talker = (name: string, driver?: string) =>
  aService(name, {
    image: NODE_IMAGE,
    entrypoint: ['sh', '-c', 'n=0; while true; do echo $0 $n; n=$((n+1)); sleep 0.2; done', name],
    settings: { init: true, ...(driver !== undefined && { logging: { driver, options: {} } }) },
  });

const deployed = (context: TestContext) =>
  deployServices(context, [talker('one'), talker('two'), talker('mute', 'none')]);

const warningsOf = ({ events }: TestContext): string[] =>
  events.flatMap((event) =>
    event.type === 'warning' && event.message.startsWith('The log of') ? [event.message] : [],
  );

describeEngine('logs', (engine) => {
  it('shows several services, says which log cannot be read, and reads up to a time', async () => {
    await using context = testContext(engine);
    await deployed(context);
    const read = async (services: string[], more: { untilMs?: number } = {}): Promise<ReplicaLogLine[]> => {
      const lines: ReplicaLogLine[] = [];
      await logs(commandContext(context), { services, follow: false, ...more }, (line) => lines.push(line));
      return lines;
    };
    const replicasOf = (lines: readonly ReplicaLogLine[]) =>
      [...new Set(lines.map(({ replica }) => replica))].toSorted();
    await expect.poll(async () => replicasOf(await read(['one', 'two']))).toEqual(['one-1', 'two-1']);
    expect(replicasOf(await read(['two-1']))).toEqual(['two-1']);
    expect(warningsOf(context)).toEqual([]);

    expect(replicasOf(await read([]))).toEqual(['one-1', 'two-1']);
    expect(warningsOf(context)).toEqual([
      expect.stringMatching(/^The log of mute-1 cannot be read: its logging driver/),
    ]);
    await expect(read(['mute'])).rejects.toMatchObject({
      code: 'ENGINE_ERROR',
      hint: expect.stringContaining('logging.driver for service mute'),
    });
    await expect(read(['one', 'three'])).rejects.toMatchObject({ code: 'USAGE' });

    const timesOf = async (more = {}) => (await read(['one'], more)).map(({ timeMs }) => timeMs);
    await expect.poll(async () => (await timesOf()).length).toBeGreaterThan(3);
    const [first = 0, , third = 0] = await timesOf();
    const until = await timesOf({ untilMs: third });
    expect(until).toContain(first);
    expect(until.filter((timeMs) => timeMs > third)).toEqual([]);
  });

  it('follows the others where one log cannot be read, and says so once', async () => {
    await using context = testContext(engine);
    await deployed(context);
    const stop = new AbortController();
    const lines: string[] = [];
    const following = logs(
      { ...commandContext(context), signal: stop.signal },
      { services: [], follow: true, tail: 1 },
      ({ replica }) => lines.push(replica),
    );
    // Long enough for a log that cannot be read to be tried again, if it were.
    await expect.poll(() => lines.filter((name) => name === 'one-1').length).toBeGreaterThan(15);
    expect(lines).toContain('two-1');
    expect(lines).not.toContain('mute-1');
    expect(warningsOf(context)).toHaveLength(1);
    stop.abort();
    await following;
  });
});
