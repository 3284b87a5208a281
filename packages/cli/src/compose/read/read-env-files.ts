import type { Problem } from '../problem.ts';
import { whyUnreadable } from '../why-unreadable.ts';
import { parseDotenv } from './parse-dotenv.ts';

/** Reads a file as text. */
export type ReadFile = (path: string) => Promise<string>;

/** An env file, absolute, with the place that names it. */
export interface EnvFile {
  readonly file: string;
  readonly place?: Problem;
}

/**
 * The variables of env files. Later files override earlier ones.
 *
 * @param environment overrides the files' own values in their `${X}`
 */
export async function readEnvFiles(
  files: readonly EnvFile[],
  environment: Readonly<Record<string, string>>,
  readFile: ReadFile,
  problems: Problem[],
): Promise<Readonly<Record<string, string>>> {
  const added: Record<string, string> = Object.create(null);
  const lookup = (name: string) => (Object.hasOwn(environment, name) ? environment[name] : undefined);
  for (const { file, place = { path: '' } } of files) {
    const text = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      const message = isMissing ? `there is no env file ${file}` : whyUnreadable(file, error);
      problems.push({ ...place, message });
      return '';
    });
    const { variables, error } = parseDotenv(text, { lookup, earlier: added });
    Object.assign(added, variables);
    if (error !== undefined) problems.push({ path: '', message: error.message, file, line: error.line, column: 1 });
  }
  return added;
}
