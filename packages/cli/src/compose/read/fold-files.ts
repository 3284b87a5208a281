import { toRecord } from '../decode/decode.ts';
import { inOrder } from '../decode/decode-service.ts';
import { goFormat } from '../go-format.ts';
import type { ServiceConfig } from '../service-config.ts';
import { isList, isMap, type Tree, type TreeMap } from '../tree.ts';
import { whyUnreadable } from '../why-unreadable.ts';
import { parseDotenv } from './parse-dotenv.ts';
import { parseRawEnv } from './parse-raw-env.ts';
import type { ReadFile } from './read-env-files.ts';

/** The context for reading env and label files. */
export interface Folding {
  /** Overrides the files' own values in their `${X}`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly readFile: ReadFile;
  readonly report: (path: string, message: string) => void;
}

/**
 * Adds the variables of a service's env files and the labels of its label files. The service's own values override
 * them.
 */
export async function foldFiles(
  service: ServiceConfig,
  name: string,
  tree: TreeMap,
  folding: Folding,
): Promise<ServiceConfig> {
  const folded = { ...service };
  const own: Record<string, string | null> = { ...service.environment };
  const variables: Record<string, string> = toRecord(
    Object.entries(own).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  );
  for (const [index, file] of listOf(tree.env_file).entries()) {
    const lookup = (key: string) => valueIn(folding.environment, key) ?? valueIn(own, key) ?? undefined;
    await addFile(file, `services.${name}.env_file[${index}]`, variables, lookup, folding);
  }
  const environment = Object.entries({ ...variables, ...own });
  if (environment.length > 0) folded.environment = toRecord(environment);
  const labels: Record<string, string> = Object.create(null);
  for (const [index, file] of listOf(tree.label_file).entries())
    await addFile(file, `services.${name}.label_file[${index}]`, labels, (key) => labels[key], folding);
  if (Object.keys(labels).length > 0) folded.labels = toRecord(Object.entries({ ...labels, ...service.labels }));
  return inOrder(folded);
}

/** Only own properties: every object inherits a `constructor`. */
const valueIn = <T>(values: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(values, key) ? values[key] : undefined;

const listOf = (value: Tree | undefined): Tree[] => (isList(value) ? value : []);

async function addFile(
  file: Tree,
  at: string,
  variables: Record<string, string>,
  lookup: (name: string) => string | undefined,
  { readFile, report }: Folding,
): Promise<void> {
  const path = goFormat(isMap(file) ? (file.path ?? null) : file);
  const isRequired = !isMap(file) || (file.required !== false && file.required !== 'false');
  const format = isMap(file) && typeof file.format === 'string' ? file.format : '';
  if (format !== '' && format !== 'raw') return report(at, `unknown format "${format}": only "raw" is supported`);
  let text: string;
  try {
    text = await readFile(path);
  } catch (error) {
    // readFile rejects with the errors of node:fs.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') report(at, whyUnreadable(path, error));
    else if (isRequired) report(at, `there is no file ${path}`);
    return;
  }
  const parsed = format === 'raw' ? parseRawEnv(text, lookup) : parseDotenv(text, { lookup, earlier: variables });
  Object.assign(variables, parsed.variables);
  if (parsed.error !== undefined) report(at, `${path}, line ${parsed.error.line}: ${parsed.error.message}`);
}
