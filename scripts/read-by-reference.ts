import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { FIXTURE_HOME, type FixtureOptions, type Reading } from './compose-fixture.ts';

/**
 * Reads a directory's Compose files with `docker compose config`. `command` is the program with its first arguments:
 * `['docker', 'compose']`, or the path of a standalone docker-compose.
 */
export function readByReference(
  command: readonly string[],
  directory: string,
  options: FixtureOptions,
): Promise<Reading> {
  const [program = 'docker', ...first] = command;
  const argv = [
    ...first,
    ...(options.files ?? []).flatMap((file) => ['--file', file]),
    ...(options.profiles ?? []).flatMap((profile) => ['--profile', profile]),
    ...(options.envFiles ?? []).flatMap((file) => ['--env-file', file]),
    ...(options.projectName === undefined ? [] : ['--project-name', options.projectName]),
    'config',
    '--format',
    'json',
  ];
  const env = { PATH: process.env.PATH, HOME: FIXTURE_HOME, ...options.env };
  return new Promise((resolve, reject) => {
    execFile(
      program,
      argv,
      { cwd: join(directory, options.cwd ?? '.'), env, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ project: JSON.parse(stdout) });
        else if (typeof error.code === 'number') resolve({ error: withoutLogLines(stderr) });
        else reject(error);
      },
    );
  });
}

/** The error without the warnings before it. */
const withoutLogLines = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => !/^time="/.test(line))
    .join('\n')
    .trim();
