import { Command, CommanderError } from 'commander';
import { addConfig } from './add-config.ts';
import { addIngressImage } from './add-ingress-image.ts';
import { addLogs } from './add-logs.ts';
import { type Add, examples, withCommon, withEither, withProfiles, withRollout } from './command-options.ts';
import type { DownOptions } from './commands/down.ts';
import { suggestFor } from './compose-verbs.ts';
import { EXIT, type ExitStatus, exitStatusOfError } from './exit-status.ts';
import { LobbieError } from './model/errors.ts';
import { argument, argumentList, parseAssignment, parseCount, parseReplicas } from './parse-arguments.ts';
import type { ProcessIo } from './process-io.ts';
import { type CommonOptions, runCommand } from './session.ts';

/**
 * Runs one command line and returns its exit status. Each command loads its own slow modules, so that `--version` and
 * `--help` answer at once.
 *
 * @param version of this program
 */
export async function runProgram(io: ProcessIo, version: string): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.ok;
  const program = new Command('lobbie')
    .description('Deploys Compose projects to a Docker Engine without losing a request.')
    .version(version, '-V, --version')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError('See `lobbie --help` or `lobbie <command> --help`.')
    .exitOverride()
    .addHelpText(
      'after',
      `\nStart in a directory with a Compose file:
  $ lobbie deploy --dry-run     show the plan and what users will notice
  $ lobbie deploy

Try lobbie without one:
  $ lobbie deploy --demo\n`,
    );
  for (const add of [
    addDeploy,
    addConfig,
    addRecreate,
    addScale,
    addHistory,
    addStatus,
    addLogs,
    addDown,
    addIngressImage,
  ]) {
    add(program, io, (ended) => {
      status = ended;
    });
  }
  if (io.argv.length === 0) {
    program.outputHelp();
    return EXIT.ok;
  }
  try {
    const suggestion = suggestFor(io.argv[0]);
    if (suggestion !== undefined) program.error(suggestion, { code: 'commander.unknownCommand', exitCode: EXIT.usage });
    await program.parseAsync([...io.argv], { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // `--help` and `--version` also end here.
    if (error.exitCode === 0) return EXIT.ok;
    // commander has already printed the error for people. A program reads the last line of stdout.
    if (io.argv.includes('--json')) await tellUsage(io, error.message.replace(/^error: /, ''));
    return EXIT.usage;
  }
}

async function tellUsage(io: ProcessIo, message: string): Promise<void> {
  const { createReporter } = await import('./report/create-reporter.ts');
  const { stdout: out, stderr: err, clock } = io;
  createReporter({
    mode: 'json',
    out,
    err,
    colour: false,
    clock,
    exitStatusOf: exitStatusOfError,
    mask: io.secrets.text,
  }).error(new LobbieError('USAGE', message, { hint: 'See `lobbie --help` or `lobbie <command> --help`.' }));
}

interface DeployArguments extends CommonOptions {
  readonly demo?: boolean;
  readonly scale?: [string, number][];
  readonly replicas?: number;
  readonly dryRun?: boolean;
  readonly build?: boolean;
  readonly pull?: boolean;
  readonly removeOrphans?: boolean;
  readonly yes?: boolean;
  readonly takeOver?: boolean;
  readonly moveHistory?: boolean;
}

const addDeploy: Add = (program, io, finish) => {
  withProfiles(withRollout(withEither(program.command('deploy'), 'build')))
    .description('build what changed, start what is missing, replace what differs')
    .argument('[service...]', 'only these services and what they depend on')
    .option('--scale <service=n>', 'number of replicas of a service (repeatable)', argumentList(parseAssignment))
    .option('--replicas <n>', 'number of replicas, for a project with one service', argument(parseReplicas))
    .option('--build', 'build images even if nothing changed; with --dry-run too, for an exact plan')
    .option('--no-build', 'do not build; the images must exist')
    .option('--pull', 'pull newer images')
    .option('--remove-orphans', 'remove containers of services that are no longer in the file')
    .option('--take-over', 'deploy a project that was last deployed from another directory or machine')
    .option('--move-history', 'move the history to the directory in the Compose file')
    .option('-y, --yes', 'do not ask; implies --take-over')
    .option('--demo', "deploy lobbie's demo API; needs no Compose file")
    .addHelpText(
      'after',
      examples(
        'lobbie deploy --dry-run',
        'lobbie deploy',
        'lobbie deploy --scale web=3 web',
        'lobbie deploy -f compose.yaml -f production.yaml',
        'lobbie deploy --demo',
      ),
    )
    .action(async (services: string[], options: DeployArguments) => {
      const { deploy } = await import('./commands/deploy.ts');
      const { demo = false, scale, replicas, dryRun = false, build, pull, removeOrphans = false } = options;
      const { yes = false, takeOver = false, moveHistory = false } = options;
      const agreed = { takeOver: takeOver || yes, moveHistory };
      finish(
        await runCommand(io, 'deploy', options, ({ source, open }) =>
          deploy(source, open, {
            services,
            demo,
            scale: new Map(scale),
            dryRun,
            removeOrphans,
            agreed,
            ...(replicas !== undefined && { replicas }),
            ...(pull && { pull: 'always' }),
            ...(build !== undefined && { build: build ? 'always' : 'never' }),
          }),
        ),
      );
    });
};

const addRecreate: Add = (program, io, finish) => {
  withRollout(program.command('recreate'))
    .description('replace every replica, even if nothing changed; all or nothing')
    .argument('[service...]', 'only these services')
    .addHelpText('after', examples('lobbie recreate', 'lobbie recreate api'))
    .action(async (services: string[], options: CommonOptions & { dryRun?: boolean }) => {
      const { recreate } = await import('./commands/recreate.ts');
      finish(
        await runCommand(io, 'recreate', options, async ({ open }) =>
          recreate(await open(), services, options.dryRun ?? false),
        ),
      );
    });
};

const addScale: Add = (program, io, finish) => {
  withRollout(program.command('scale'))
    .description('change the number of replicas of services')
    .argument('<service=n...>', 'a service and its number of replicas', argumentList(parseAssignment))
    .addHelpText('after', examples('lobbie scale api=5'))
    .action(async (assignments: [string, number][], options: CommonOptions & { dryRun?: boolean }) => {
      const { scale } = await import('./commands/scale.ts');
      finish(
        await runCommand(io, 'scale', options, async ({ open }) =>
          scale(await open(), new Map(assignments), options.dryRun ?? false),
        ),
      );
    });
};

const addHistory: Add = (program, io, finish) => {
  withCommon(program.command('history'))
    .description('list every container that has run, oldest first')
    .option('--limit <n>', 'only the latest n containers', argument(parseCount))
    .addHelpText('after', examples('lobbie history', 'lobbie history --limit 10 --json'))
    .action(async (options: CommonOptions & { limit?: number }) => {
      const { history } = await import('./commands/history.ts');
      finish(await runCommand(io, 'history', options, async ({ open }) => history(await open(), options.limit)));
    });
};

const addStatus: Add = (program, io, finish) => {
  withCommon(program.command('status'))
    .description(
      'list replicas and ingresses with state, release, address and uptime, and what differs from the deployed release',
    )
    .argument('[service...]', 'only these services')
    .option('--check', 'exit with status 8 if anything differs from the deployed release')
    .addHelpText('after', examples('lobbie status', 'lobbie status --check', 'lobbie status --json api'))
    .action(async (services: string[], { check = false, ...options }: CommonOptions & { check?: boolean }) => {
      const { status } = await import('./commands/status.ts');
      finish(await runCommand(io, 'status', options, async ({ open }) => status(await open(), { services, check })));
    });
};

const addDown: Add = (program, io, finish) => {
  withCommon(program.command('down'))
    .description('remove containers, networks and ingresses; volumes and the history stay')
    .option('--volumes', "remove the project's volumes too; asks first")
    .option('--history', 'remove the history and the ledger too; asks first')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples('lobbie down', 'lobbie down --volumes --yes'))
    .action(async (options: CommonOptions & Partial<DownOptions>) => {
      const [{ down }, { readExternalVolumes }] = await Promise.all([
        import('./commands/down.ts'),
        import('./commands/load-project.ts'),
      ]);
      const { history = false, volumes = false, yes = false } = options;
      finish(
        await runCommand(io, 'down', options, async ({ source, open }) => {
          const context = await open();
          return down(context, { history, volumes, yes, externalVolumes: await readExternalVolumes(source) });
        }),
      );
    });
};
