import { basename } from 'node:path';
import { LobbieError } from '../../model/errors.ts';
import { type Locate, type Path, type Problem, problemAt } from '../problem.ts';
import { checkSupport } from '../schema/check-support.ts';
import { isMap, newMap, type TreeMap } from '../tree.ts';
import { whyUnreadable } from '../why-unreadable.ts';
import { readYaml, type YamlFile } from '../yaml/read-yaml.ts';
import { applyExtends, type ExtendedFile } from './apply-extends.ts';
import { interpolate } from './interpolate.ts';
import { layOver } from './lay-over.ts';
import { locateIn, type Origin } from './locate.ts';
import { mergeTrees } from './merge-trees.ts';
import { normalizeProjectName } from './project-name.ts';
import type { ReadFile } from './read-environment.ts';

/** Which files make a project, and what they are read with. */
export interface TreeOptions {
  /** Absolute, or `-`. */
  readonly files: readonly string[];
  readonly directory: string;
  /** By `-p` or COMPOSE_PROJECT_NAME: it wins over `name:`. */
  readonly givenName: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string | undefined;
  readonly readFile: ReadFile;
}

/** The merged files in canonical form, without what their problems name. */
export interface ReadTree {
  /** undefined: too much is missing to read on. */
  readonly tree: TreeMap | undefined;
  readonly name: string;
  /** With COMPOSE_PROJECT_NAME, which files may use. */
  readonly environment: Readonly<Record<string, string>>;
  readonly locate: Locate;
  readonly problems: readonly Problem[];
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** One document of a file, its variables put in. */
interface Layer {
  readonly file: string;
  readonly tree: TreeMap;
  readonly dropped: readonly Path[];
}

/** Reads files up to the canonical form: YAML, variables, checks of each file, extends, merge. */
export async function readTree(options: TreeOptions): Promise<ReadTree> {
  const problems: Problem[] = [];
  const blockers: Problem[] = [];
  const warnings: Problem[] = [];
  const { directory, home, readFile } = options;
  const files = (await Promise.all(options.files.map((file) => readOne(file, readFile, problems)))).filter(
    (file) => file !== undefined,
  );
  for (const file of files) problems.push(...file.problems);
  const extended: YamlFile[] = [];
  const origins: Origin[] = [];
  const locate: Locate = (path) => locateIn([...extended, ...files], origins)(path);
  const name = projectName(files, options, problems);
  const environment = { ...options.environment, COMPOSE_PROJECT_NAME: name };
  const answer = { name, environment, locate, problems, blockers, warnings };
  const unset = new Set<string>();
  const layersOf = (file: YamlFile): Layer[] =>
    file.documents.map(({ tree, dropped }) => ({
      file: file.file,
      dropped,
      tree: interpolate(tree, { environment, locate: locateIn([file]), problems, warnings, unset }),
    }));
  const layers = files.flatMap(layersOf);
  const report = (path: string, message: string) => void problems.push(problemAt(locate, path, message));
  const openExtended = async (file: string, at: string): Promise<ExtendedFile | undefined> => {
    const yaml = await readOne(file, readFile, problems, problemAt(locate, at, ''));
    if (yaml === undefined) return undefined;
    extended.unshift(yaml);
    problems.push(...yaml.problems);
    const own = layersOf(yaml);
    let tree = newMap();
    try {
      for (const layer of own) tree = mergeTrees(tree, layer.tree);
    } catch (error) {
      if (!(error instanceof LobbieError)) throw error;
      report(error.details[0] ?? '', error.message);
    }
    return { tree, dropped: own.flatMap(({ dropped }) => dropped) };
  };
  const opened = new Map<string, Promise<ExtendedFile | undefined>>();
  const read = (file: string, at: string) => {
    const known = opened.get(file) ?? openExtended(file, at);
    opened.set(file, known);
    return known;
  };
  const onExtended = (origin: Origin) => void origins.push(origin);
  let tree = newMap();
  let isWhole = true;
  // Of the last file, for it is judged with all before it.
  let unfit: readonly Problem[] = [];
  for (const layer of layers) {
    const source = { file: layer.file, dropped: layer.dropped, directory };
    const whole = await applyExtends(layer.tree, source, { home, read, report, onExtended });
    const laid = layOver(tree, whole, layer.dropped, locate, new Set(problems.map(({ path }) => path)));
    tree = laid.tree;
    problems.push(...laid.problems);
    isWhole &&= laid.whole;
    unfit = laid.blockers;
  }
  if (problems.length === 0 && Object.keys(tree).length === 0) report('', 'the Compose file is empty');
  const support = checkSupport(tree, locate);
  warnings.push(...support.warnings);
  blockers.push(...unfit, ...support.blockers.filter(({ path }) => path !== 'include'));
  // What is included is not there: the config would not be that of the files.
  problems.push(...support.blockers.filter(({ path }) => path === 'include'));
  const isRead =
    files.length === options.files.length && ![...files, ...extended].some((file) => file.problems.length > 0);
  return { ...answer, tree: problems.length === 0 || (isRead && isWhole && isMap(tree.services)) ? tree : undefined };
}

async function readOne(
  file: string,
  readFile: ReadFile,
  problems: Problem[],
  place: Partial<Problem> = {},
): Promise<YamlFile | undefined> {
  try {
    return readYaml(await readFile(file), file);
  } catch (error) {
    // readFile rejects with the errors of node:fs.
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no file ${file}` : whyUnreadable(file, error);
    problems.push({ path: '', ...place, message: why });
    return undefined;
  }
}

/** Given by hand, else the last `name:` of the files, else that of the directory. */
function projectName(
  files: readonly YamlFile[],
  { givenName, directory, environment }: TreeOptions,
  problems: Problem[],
): string {
  if (givenName !== undefined) return givenName;
  const named = files
    .flatMap((file) => file.documents.map(({ tree }) => ({ file, name: tree.name })))
    .findLast(({ name }) => typeof name === 'string' && name !== '');
  if (named === undefined || typeof named.name !== 'string')
    return fallback(normalizeProjectName(basename(directory)), problems);
  const locate = locateIn([named.file]);
  // Its problems and warnings come again when the file as a whole is interpolated.
  const { name } = interpolate(newMap([['name', named.name]]), {
    environment,
    locate,
    problems: [],
    warnings: [],
    unset: new Set(),
  });
  return fallback(normalizeProjectName(typeof name === 'string' ? name : ''), problems);
}

function fallback(name: string, problems: Problem[]): string {
  if (name === '')
    problems.push({
      path: 'name',
      message: 'the project has no name: nothing is left of it in small letters and digits',
      hint: 'Name it with -p.',
    });
  return name;
}
