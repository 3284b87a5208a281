import { type Command, Option } from 'commander';
import type { ExitStatus } from './exit-status.ts';
import { argument, parseProjectName, parseSeconds } from './parse-arguments.ts';
import type { ProcessIo } from './process-io.ts';

/** Adds a command to the program. `finish` receives its exit status. */
export type Add = (program: Command, io: ProcessIo, finish: (status: ExitStatus) => void) => void;

/**
 * The options of every command that uses an engine. `-f` means `--file`, except in `logs`, where it means `--follow`.
 */
export const withCommon = (command: Command, fileFlags = '-f, --file <path>'): Command =>
  withEngine(withProject(command, fileFlags));

/** The options for output and for the engine. */
export const withEngine = (command: Command): Command =>
  command
    .option('--json', 'print JSON: one object per line, the last one is the result')
    .option('-q, --quiet', 'print only the result, in its shortest form')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--debug', 'print every call to the engine, and a waterfall at the end, to stderr (also: LOBBIE_DEBUG=1)')
    .option('-H, --host <url>', 'the Docker Engine, such as unix:///var/run/docker.sock or ssh://me@host')
    .option('--context <name>', 'a docker context');

/** The options that select the project. */
const withProject = (command: Command, fileFlags: string): Command =>
  command
    .option(fileFlags, 'a Compose file (repeatable; default: the same as docker compose)', collect)
    .option(
      '-p, --project-name <name>',
      'name of the project (default: the same as docker compose)',
      argument(parseProjectName),
    )
    .option('--env-file <path>', 'file of variables for the Compose file (repeatable; default: .env)', collect);

/** The options of commands that change containers. */
export const withRollout = (command: Command): Command =>
  withCommon(command)
    .option('--dry-run', 'print the plan and what users will notice; change nothing')
    .addOption(
      new Option('--timeout <seconds>', 'time for a replica to become healthy').argParser(argument(parseSeconds)),
    );

/** The option that activates profiles. */
export const withProfiles = (command: Command): Command =>
  command.option('--profile <name>', 'include the services of this profile (repeatable)', collect);

/** Refuses `--<name>` together with `--no-<name>`: commander treats them as one option and takes the last. */
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
