import { type Add, examples, withCommon } from './command-options.ts';
import { parseSince } from './commands/parse-since.ts';
import { argument, parseWholeNumber } from './parse-arguments.ts';
import { type CommonOptions, runCommand } from './session.ts';

/** `lobbie logs` */
export const addLogs: Add = (program, io, finish) => {
  withCommon(program.command('logs'), '--file <path>')
    .description('print the logs of all replicas, merged by time')
    .argument('[service]', 'only this service')
    .option('-f, --follow', 'keep printing new lines, also during a deploy')
    .option('-n, --tail <n>', 'only the last n lines of each replica', argument(parseWholeNumber))
    .option(
      '--since <time>',
      'only lines since a time: 10m, 2h, or 2026-01-31T12:00:00Z',
      argument((text) => parseSince(text, io.clock.now())),
    )
    .addHelpText('after', examples('lobbie logs -f', 'lobbie logs --tail 20 --since 10m api'))
    .action(
      async (
        service: string | undefined,
        options: CommonOptions & { follow?: boolean; tail?: number; since?: number },
      ) => {
        const { logs } = await import('./commands/logs.ts');
        finish(
          await runCommand(io, 'logs', options, async ({ open, reporter }) => {
            const { follow = false, tail, since } = options;
            await logs(
              await open(),
              {
                follow,
                ...(service !== undefined && { service }),
                ...(tail !== undefined && { tail }),
                ...(since !== undefined && { sinceMs: since }),
              },
              (line, width) => reporter.log(line, width),
            );
            return undefined;
          }),
        );
      },
    );
};
