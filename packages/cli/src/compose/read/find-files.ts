import { access, stat } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';

/** The Compose files of a project, absolute, `-` for standard input, and warnings about the choice. */
export interface FoundFiles {
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** Where to look for files. */
export interface FindOptions {
  readonly cwd: string;
  readonly files: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The files of `-f`, else of COMPOSE_FILE, else those with the usual names in the directory or the nearest parent that
 * has any.
 */
export async function findFiles({ cwd, files, environment }: FindOptions): Promise<FoundFiles> {
  const absolute = (file: string) => (file === '-' ? file : resolve(cwd, file));
  if (files.length > 0) return { files: files.map(absolute), warnings: [] };
  const { COMPOSE_FILE, COMPOSE_PATH_SEPARATOR } = environment;
  if (COMPOSE_FILE !== undefined)
    return { files: COMPOSE_FILE.split(COMPOSE_PATH_SEPARATOR || delimiter).map(absolute), warnings: [] };
  for (let directory = cwd; ; directory = dirname(directory)) {
    const [main, ...others] = await existing(directory, NAMES);
    if (main !== undefined) {
      const [override, ...moreOverrides] = await existing(directory, OVERRIDES);
      const warnings = [warnOf(main, others), override === undefined ? undefined : warnOf(override, moreOverrides)];
      return {
        files: override === undefined ? [main] : [main, override],
        warnings: warnings.filter((warning) => warning !== undefined),
      };
    }
    if (dirname(directory) === directory) return { files: [], warnings: [] };
  }
}

const warnOf = (taken: string, others: readonly string[]): string | undefined =>
  others.length === 0 ? undefined : `using ${taken}, not ${others.join(', ')}`;

async function existing(directory: string, names: readonly string[]): Promise<string[]> {
  const paths = names.map((name) => join(directory, name));
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => found[index]);
}

/** Whether the path is a file. */
export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => !stats.isDirectory(),
    () => false,
  );

/** Whether the path is a directory. */
export const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
