import { Command, CommanderError, Option } from 'commander';
import { parseSince } from './commands/parse-since.ts';
import { EXIT, type ExitStatus, LobbieError } from './model/errors.ts';
import {
  argument,
  argumentList,
  parseAssignment,
  parseProjectName,
  parseReplicas,
  parseSeconds,
  parseWholeNumber,
} from './parse-arguments.ts';
import type { ProcessIo } from './process-io.ts';
import { type CommonOptions, runCommand } from './session.ts';

/**
 * Runs one command line to its end and gives the exit status. What is slow to load is loaded by the command that needs
 * it, so that `--version` and `--help` answer at once.
 *
 * @param version of this program
 */
export async function runProgram(io: ProcessIo, version: string): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.ok;
  const program = new Command('lobbie')
    .description(
      'Deploys services to a Docker Engine without losing a request, and remembers every container that ever ran.',
    )
    .version(version, '-V, --version')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError('Run `lobbie --help`, or `lobbie <command> --help`, to see what there is.')
    .exitOverride()
    .addHelpText('after', '\nStart with:\n  $ lobbie deploy --demo\n');
  for (const add of [addDeploy, addRecreate, addScale, addHistory, addStatus, addLogs, addDown]) {
    add(program, io, (ended) => {
      status = ended;
    });
  }
  if (io.argv.length === 0) {
    program.outputHelp();
    return EXIT.ok;
  }
  try {
    await program.parseAsync([...io.argv], { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end here too.
    if (error.exitCode === 0) return EXIT.ok;
    // commander has said to people what is wrong; a program reads the last line of stdout.
    if (io.argv.includes('--json')) await tellUsage(io, error.message.replace(/^error: /, ''));
    return EXIT.usage;
  }
}

async function tellUsage(io: ProcessIo, message: string): Promise<void> {
  const { createJsonReporter } = await import('./report/json-reporter.ts');
  createJsonReporter({ mode: 'json', out: io.stdout, err: io.stderr, colour: false, now: io.clock.now }).error(
    new LobbieError('USAGE', message, { hint: 'Run `lobbie --help` to see what there is.' }),
  );
}

type Add = (program: Command, io: ProcessIo, finish: (status: ExitStatus) => void) => void;

const addDeploy: Add = (program, io, finish) => {
  withRollout(program.command('deploy'))
    .description('build what changed, start what is missing, replace what differs')
    .option('--demo', "deploy lobbie's own API (what is deployed where nothing else is described)")
    .option('--replicas <n>', 'how many replicas (default: as many as there are, or 2)', argument(parseReplicas))
    .addHelpText('after', examples('lobbie deploy --demo', 'lobbie deploy --replicas 3 --dry-run'))
    .action(async (options: CommonOptions & { dryRun: boolean; replicas?: number }) => {
      const { deploy } = await import('./commands/deploy.ts');
      const { replicas, dryRun } = options;
      finish(
        await runCommand(io, 'deploy', options, (context) =>
          deploy(context, { dryRun, ...(replicas !== undefined && { replicas }) }),
        ),
      );
    });
};

const addRecreate: Add = (program, io, finish) => {
  withRollout(program.command('recreate'))
    .description('replace every replica, new before old, all or nothing')
    .argument('[service...]', 'only these services')
    .addHelpText('after', examples('lobbie recreate', 'lobbie recreate api'))
    .action(async (services: string[], options: CommonOptions & { dryRun: boolean }) => {
      const { recreate } = await import('./commands/recreate.ts');
      finish(await runCommand(io, 'recreate', options, (context) => recreate(context, services, options.dryRun)));
    });
};

const addScale: Add = (program, io, finish) => {
  withRollout(program.command('scale'))
    .description('change how many replicas services have')
    .argument('<service=n...>', 'service and number of replicas', argumentList(parseAssignment))
    .addHelpText('after', examples('lobbie scale api=5'))
    .action(async (assignments: [string, number][], options: CommonOptions & { dryRun: boolean }) => {
      const { scale } = await import('./commands/scale.ts');
      finish(await runCommand(io, 'scale', options, (context) => scale(context, new Map(assignments), options.dryRun)));
    });
};

const addHistory: Add = (program, io, finish) => {
  withCommon(program.command('history'))
    .description('every container that ever ran, oldest first')
    .option('--limit <n>', 'only the latest n', argument(parseWholeNumber))
    .addHelpText('after', examples('lobbie history', 'lobbie history --limit 10 --json'))
    .action(async (options: CommonOptions & { limit?: number }) => {
      const { history } = await import('./commands/history.ts');
      finish(await runCommand(io, 'history', options, (context) => history(context, options.limit)));
    });
};

const addStatus: Add = (program, io, finish) => {
  withCommon(program.command('status'))
    .description('replicas with state, health, file, release, address, uptime, memory and CPU')
    .addHelpText('after', examples('lobbie status', 'lobbie status --json'))
    .action(async (options: CommonOptions) => {
      const { status } = await import('./commands/status.ts');
      finish(await runCommand(io, 'status', options, status));
    });
};

const addLogs: Add = (program, io, finish) => {
  withCommon(program.command('logs'))
    .description('the log lines of all replicas, merged by time')
    .argument('[service]', 'only this service')
    .option('-f, --follow', 'go on as lines come, also through a deploy', false)
    .option('-n, --tail <n>', 'only the last n lines of each replica', argument(parseWholeNumber))
    .option(
      '--since <time>',
      'only lines since then: 10m, 2h, or 2026-01-31T12:00:00Z',
      argument((text) => parseSince(text, io.clock.now())),
    )
    .addHelpText('after', examples('lobbie logs -f', 'lobbie logs --tail 20 --since 10m api'))
    .action(
      async (
        service: string | undefined,
        options: CommonOptions & { follow: boolean; tail?: number; since?: number },
      ) => {
        const { logs } = await import('./commands/logs.ts');
        finish(
          await runCommand(io, 'logs', options, async (context, reporter) => {
            const { follow, tail, since } = options;
            await logs(
              context,
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

const addDown: Add = (program, io, finish) => {
  withCommon(program.command('down'))
    .description('remove containers, networks and ingresses; the history stays')
    .option('--history', 'remove the history too, after asking', false)
    .option('-y, --yes', 'do not ask', false)
    .addHelpText('after', examples('lobbie down', 'lobbie down --history --yes'))
    .action(async (options: CommonOptions & { history: boolean; yes: boolean }) => {
      const { down } = await import('./commands/down.ts');
      finish(await runCommand(io, 'down', options, (context) => down(context, options)));
    });
};

const withCommon = (command: Command): Command =>
  command
    .option('-p, --project-name <name>', 'the project', argument(parseProjectName), 'lobbie')
    .option('--json', 'one JSON object a line, the last one the result')
    .option('-q, --quiet', 'only the result, in its shortest form')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('-H, --host <url>', 'the engine, such as unix:///var/run/docker.sock or ssh://me@host')
    .option('--context <name>', 'the docker context');

const withRollout = (command: Command): Command =>
  withCommon(command)
    .option('--dry-run', 'print the plan and what users will notice; change nothing', false)
    .addOption(
      new Option('--timeout <seconds>', 'how long a replica may take to become healthy').argParser(
        argument(parseSeconds),
      ),
    );

const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
