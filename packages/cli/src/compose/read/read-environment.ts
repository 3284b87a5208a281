import { dirname, join, resolve } from 'node:path';
import type { Problem } from '../problem.ts';
import { type FoundFiles, findFiles, isFile } from './find-files.ts';
import { type ReadFile, readEnvFiles } from './read-env-files.ts';

/** The sources of a project's environment. */
export interface EnvironmentOptions {
  readonly cwd: string;
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
  readonly problems: Problem[];
}

/** The variables for `${X}`, and the files found with them. */
export interface ProjectEnvironment extends FoundFiles {
  readonly environment: Readonly<Record<string, string>>;
  /** The project directory. */
  readonly directory: string;
}

/**
 * The environment, then the variables of the env files: those named, else the `.env` of the working directory and that
 * of the project directory. The latter may depend on COMPOSE_FILE in the first.
 */
export async function readEnvironment(options: EnvironmentOptions): Promise<ProjectEnvironment> {
  const { cwd, env } = options;
  const environment: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(env)) if (value !== undefined) environment[name] = value;
  environment.PWD = cwd;
  const named =
    options.envFiles.length > 0 ? options.envFiles : (environment.COMPOSE_ENV_FILES ?? '').split(',').filter(Boolean);
  const [first] = options.files.filter((file) => file !== '-');
  const start = first === undefined ? cwd : dirname(resolve(cwd, first));
  await addFiles(named, start, environment, options);
  const found = await findFiles({ cwd, files: options.files, environment });
  const [main] = found.files.filter((file) => file !== '-');
  const directory = main === undefined ? cwd : dirname(main);
  if (named.length === 0 && directory !== start) await addFiles(named, directory, environment, options);
  return { ...found, environment, directory };
}

async function addFiles(
  named: readonly string[],
  directory: string,
  environment: Record<string, string>,
  { cwd, readFile, problems }: EnvironmentOptions,
): Promise<void> {
  const usual = join(directory, '.env');
  const isOff = /^(1|t|true)$/i.test(environment.COMPOSE_DISABLE_ENV_FILE ?? '');
  const files =
    named.length > 0 ? named.map((file) => resolve(cwd, file)) : !isOff && (await isFile(usual)) ? [usual] : [];
  const added = await readEnvFiles(
    files.map((file) => ({ file })),
    environment,
    readFile,
    problems,
  );
  for (const [name, value] of Object.entries(added)) environment[name] ??= value;
}
