import { Option } from 'commander';
import { type Add, examples, withCommon } from './command-options.ts';
import { parseSince } from './commands/parse-since.ts';
import { argument, parseWholeNumber } from './parse-arguments.ts';
import { type CommonOptions, runCommand } from './session.ts';

interface LogsFlags extends CommonOptions {
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly tail?: number;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
}

/** `lobbie logs` */
export const addLogs: Add = (program, io, finish) => {
  const time = argument((text) => parseSince(text, io.clock.now()));
  withCommon(program.command('logs'), '--file <path>')
    .description('print the logs of all replicas, merged by time')
    .argument('[service...]', 'only these services, or replicas such as api-2')
    .addOption(new Option('-f, --follow', 'keep printing new lines, also during a deploy').conflicts('until'))
    .option('-n, --tail <n>', 'only the last n lines of each replica', argument(parseWholeNumber))
    .option('--since <time>', 'only lines since a time: 10m, 2h, or 2026-01-31T12:00:00Z', time)
    .option('--until <time>', 'only lines before a time, as with --since', time)
    .option('-t, --timestamps', 'print the time of each line, in UTC')
    .addHelpText(
      'after',
      examples('lobbie logs -f', 'lobbie logs --tail 20 --since 10m api db', 'lobbie logs -t --since 2h --until 1h'),
    )
    .action(async (services: string[], { follow = false, timestamps, tail, since, until, ...options }: LogsFlags) => {
      const { logs } = await import('./commands/logs.ts');
      finish(
        await runCommand(io, 'logs', options, async ({ open, reporter }) => {
          await logs(
            await open(),
            {
              services,
              follow,
              ...(tail !== undefined && { tail }),
              ...(since !== undefined && { sinceMs: since }),
              ...(until !== undefined && { untilMs: until }),
            },
            (line, width) => reporter.log(line, width, timestamps),
          );
          return undefined;
        }),
      );
    });
};
