import type { Problem } from '../problem.ts';
import { whyUnreadable } from '../why-unreadable.ts';
import { readYaml, type YamlFile } from '../yaml/read-yaml.ts';
import type { ReadFile } from './read-env-files.ts';

/**
 * Parses a Compose file. undefined: it cannot be read, which has been reported.
 *
 * @param place the place that names the file
 */
export async function readOne(
  file: string,
  readFile: ReadFile,
  problems: Problem[],
  place: Partial<Problem> = {},
): Promise<YamlFile | undefined> {
  try {
    return readYaml(await readFile(file), file);
  } catch (error) {
    // readFile rejects with errors of node:fs.
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? `there is no file ${file}` : whyUnreadable(file, error);
    const isNamed = code === 'ENOENT' && place.path === undefined;
    problems.push({ path: '', ...place, message, ...(isNamed && { missingFile: file }) });
    return undefined;
  }
}
