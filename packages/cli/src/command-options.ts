import { type Command, Option } from 'commander';
import type { ExitStatus } from './model/errors.ts';
import { argument, parseProjectName, parseSeconds } from './parse-arguments.ts';
import type { ProcessIo } from './process-io.ts';

/** Adds a command to the program; `finish` is told its exit status. */
export type Add = (program: Command, io: ProcessIo, finish: (status: ExitStatus) => void) => void;

/** What every command that speaks to an engine takes. `-f` is `--file`, but for where it follows logs. */
export const withCommon = (command: Command, fileFlags = '-f, --file <path>'): Command =>
  withEngine(withProject(command, fileFlags));

/** How a command tells, and which engine it speaks to. */
export const withEngine = (command: Command): Command =>
  command
    .option('--json', 'one JSON object a line, the last one the result')
    .option('-q, --quiet', 'only the result, in its shortest form')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('-H, --host <url>', 'the engine, such as unix:///var/run/docker.sock or ssh://me@host')
    .option('--context <name>', 'the docker context');

/** Which project is meant. */
const withProject = (command: Command, fileFlags: string): Command =>
  command
    .option(fileFlags, 'a Compose file; several are merged (default: as docker compose finds it)', collect)
    .option('-p, --project-name <name>', "the project (default: the Compose file's)", argument(parseProjectName))
    .option('--env-file <path>', 'variables for the Compose file (default: .env beside it)', collect);

/** What the commands take that change containers. */
export const withRollout = (command: Command): Command =>
  withCommon(command)
    .option('--dry-run', 'print the plan and what users will notice; change nothing', false)
    .addOption(
      new Option('--timeout <seconds>', 'how long a replica may take to become healthy').argParser(
        argument(parseSeconds),
      ),
    );

/** Services whose profile is off are left out. */
export const withProfiles = (command: Command): Command =>
  command.option('--profile <name>', 'also the services of this profile (repeatable)', collect);

/** Of `--<name>` and `--no-<name>` only one may be given: commander takes them for one option, and the last for meant. */
export function withEither(command: Command, name: string): Command {
  const given = new Set<string>();
  for (const option of [name, `no-${name}`])
    command.on(`option:${option}`, () => {
      given.add(option);
      if (given.size > 1) command.error(`error: option '--${name}' cannot be used with option '--no-${name}'`);
    });
  return command;
}

/** The examples at the end of a command's help. */
export const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;

/** An option that can be given more than once. */
const collect = (text: string, before: readonly string[] | undefined): string[] => [...(before ?? []), text];
