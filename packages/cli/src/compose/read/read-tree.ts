import { basename } from 'node:path';
import { mayFollow } from '../order-problems.ts';
import { type Locate, type Problem, problemAt } from '../problem.ts';
import { checkSupport } from '../schema/check-support.ts';
import { isMap, newMap, type TreeMap } from '../tree.ts';
import type { YamlFile } from '../yaml/read-yaml.ts';
import { interpolate } from './interpolate.ts';
import { locateIn } from './locate.ts';
import { normalizeProjectName } from './project-name.ts';
import type { ReadFile } from './read-env-files.ts';
import { readModel } from './read-model.ts';
import { readOne } from './read-one.ts';

/** The files of a project, and the context for reading them. */
export interface TreeOptions {
  /** Absolute path of the directory the command runs in. */
  readonly cwd: string;
  /** Absolute, or `-`. */
  readonly files: readonly string[];
  readonly directory: string;
  /** From `-p` or COMPOSE_PROJECT_NAME; overrides `name:`. */
  readonly givenName: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string | undefined;
  readonly readFile: ReadFile;
}

/** The merged files in canonical form, without the parts that have problems. */
export interface ReadTree {
  /** undefined: too much is missing to continue. */
  readonly tree: TreeMap | undefined;
  readonly name: string;
  /** Includes COMPOSE_PROJECT_NAME, which files may use. */
  readonly environment: Readonly<Record<string, string>>;
  readonly locate: Locate;
  readonly problems: readonly Problem[];
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads files up to the canonical form: YAML, variables, checks, extends, include, merge. */
export async function readTree(options: TreeOptions): Promise<ReadTree> {
  const problems: Problem[] = [];
  const { cwd, directory, home, readFile } = options;
  const files = (await Promise.all(options.files.map((file) => readOne(file, readFile, problems)))).filter(
    (file) => file !== undefined,
  );
  const name = projectName(files, options);
  const environment = { ...options.environment, COMPOSE_PROJECT_NAME: name };
  const place = { directory, root: directory, environment, chain: [] };
  const model = await readModel(files, place, { cwd, home, readFile, unset: new Set(), included: 0 });
  const { tree, locate } = model;
  problems.push(...model.problems);
  if (problems.length === 0 && Object.keys(tree).length === 0)
    problems.push({ ...problemAt(locate, '', 'the Compose file is empty'), ...(files[0] && { file: files[0].file }) });
  const areAll = files.length === options.files.length;
  // A file that is missing or broken may set a name. An invalid name has been reported.
  const isAllKnown = areAll && problems.every(({ path }) => path !== '');
  if (name === '' && isAllKnown && !mayFollow(NAMELESS, problems)) problems.push(NAMELESS);
  const support = checkSupport(tree, locate);
  const isRead = areAll && model.whole;
  return {
    name,
    environment,
    locate,
    tree: problems.length === 0 || (isRead && isMap(tree.services)) ? tree : undefined,
    problems: withoutRepeats(problems),
    blockers: [...model.blockers, ...support.blockers],
    warnings: withoutRepeats([...model.warnings, ...support.warnings]),
  };
}

/** A file that is included twice reports its problems twice. */
const withoutRepeats = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];

/** The given name, else the last `name:` of the files, else the directory's. Empty if no valid character is left. */
function projectName(files: readonly YamlFile[], { givenName, directory, environment }: TreeOptions): string {
  if (givenName !== undefined) return givenName;
  const named = files
    .flatMap((file) => file.documents.map(({ tree }) => ({ file, name: tree.name })))
    .findLast(({ name }) => typeof name === 'string' && name !== '');
  if (named === undefined || typeof named.name !== 'string') return normalizeProjectName(basename(directory));
  const locate = locateIn([named.file]);
  // Its problems and warnings are reported when the whole file is interpolated.
  const { name } = interpolate(newMap([['name', named.name]]), {
    environment,
    locate,
    problems: [],
    warnings: [],
    unset: new Set(),
  });
  return normalizeProjectName(typeof name === 'string' ? name : '');
}

const NAMELESS: Problem = {
  path: 'name',
  message: 'the project has no name: "name" or the name of the directory must contain a letter from a to z or a digit',
  hint: 'Name it with -p.',
};
