import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Locate, type Problem, problemAt } from '../problem.ts';
import { newMap, type TreeMap } from '../tree.ts';
import { isDirectory, isFile } from './find-files.ts';
import { importResources } from './import-resources.ts';
import { type IncludeEntry, includeEntries, type PlacedPath } from './include-entries.ts';
import { isRemote } from './is-remote.ts';
import type { Model, ModelPlace } from './model.ts';
import { type ReadFile, readEnvFiles } from './read-env-files.ts';

/** The result of included files. */
type IncludedModel = Pick<Model, 'tree' | 'whole' | 'locate'>;

/** The context for `include`, and where to report problems. */
export interface Including {
  /** The file that includes others. */
  readonly file: string;
  readonly place: ModelPlace;
  /** Finds places in that file. */
  readonly locate: Locate;
  /** Absolute path of the directory the command runs in. */
  readonly cwd: string;
  readonly readFile: ReadFile;
  readonly problems: Problem[];
  readonly warnings: Problem[];
  /** Reads included files and reports their problems. */
  readonly readModel: (files: readonly PlacedPath[], place: ModelPlace) => Promise<IncludedModel>;
}

/** A file with the content of the files it includes. */
export interface WithIncluded {
  /** Without `include`. */
  readonly tree: TreeMap;
  /** Nothing is missing except where problems say so. */
  readonly whole: boolean;
}

/** The tree of a file with the services, networks, volumes, … of the files that it includes. */
export async function applyInclude(tree: TreeMap, including: Including): Promise<WithIncluded> {
  if (!('include' in tree)) return { tree, whole: true };
  const { locate, problems, warnings } = including;
  const said = includeEntries(tree.include ?? null, locate);
  problems.push(...said.problems);
  warnings.push(...said.warnings);
  let whole = said.problems.length === 0;
  let result = newMap(Object.entries(tree));
  delete result.include;
  const importedFrom = new Map<string, Locate>();
  const here: Locate = (path) => (importedFrom.get(path) ?? locate)(path);
  for (const entry of said.entries) {
    const model = await readEntry(entry, including);
    whole &&= model?.whole === true;
    if (model?.whole !== true) continue;
    result = importResources(model.tree, result, {
      here,
      there: model.locate,
      onImport: (path) => void importedFrom.set(path, model.locate),
      onConflict: (path, message) => void problems.push(problemAt(here, path, message, OVERRIDE)),
    });
  }
  return { tree: result, whole };
}

const OVERRIDE = 'To change an included file, add a second file to its `path`, or use an override file.';

async function readEntry(entry: IncludeEntry, including: Including): Promise<IncludedModel | undefined> {
  const { place, cwd } = including;
  const files = entry.paths.map(({ path, at }) => ({ path: resolve(place.root, path), at }));
  const [main] = files;
  const isRefused = refuse(entry, files, including);
  const { directory, root } = await directoriesOf(entry, main?.path, place, cwd);
  const environment = await environmentOf(entry, root, including);
  if (isRefused || environment === undefined) return undefined;
  if (main === undefined) return { tree: newMap(), whole: true, locate: () => undefined };
  return including.readModel(files, { directory, root, environment, chain: [...place.chain, including.file] });
}

/** Reports files that are remote or include themselves. */
function refuse(entry: IncludeEntry, files: readonly PlacedPath[], { file, place, locate, problems }: Including) {
  const before = problems.length;
  for (const { path, at } of entry.paths) {
    if (isRemote(path)) problems.push(problemAt(locate, at, `remote files are not supported: ${path}`, DOWNLOAD));
  }
  const chain = [...place.chain, file];
  for (const { path, at } of files) {
    const start = chain.indexOf(path);
    if (start === -1) continue;
    problems.push(problemAt(locate, at, `includes itself: ${[...chain.slice(start), path].join(' includes ')}`));
  }
  return problems.length > before;
}

const DOWNLOAD = 'Copy the file into the project, or add its repository as a Git submodule, and include that.';

/**
 * The base directory for the paths of an included model, and the directory to find its files in. As in Docker Compose,
 * the latter takes a relative `project_directory` of a nested file from the working directory.
 */
async function directoriesOf(
  { projectDirectory }: IncludeEntry,
  main: string | undefined,
  place: ModelPlace,
  cwd: string,
): Promise<Pick<ModelPlace, 'directory' | 'root'>> {
  if (isAbsolute(projectDirectory)) return { directory: projectDirectory, root: projectDirectory };
  if (projectDirectory !== '') {
    const asked = resolve(place.root, projectDirectory);
    // Docker Compose uses the part before the last slash if the directory does not exist.
    const above = resolve(place.root, projectDirectory.slice(0, projectDirectory.lastIndexOf('/') + 1));
    const directory = (await isDirectory(asked)) ? asked : above;
    return { directory: from(place.root, directory), root: resolve(cwd, place.directory, projectDirectory) };
  }
  const root = main === undefined ? cwd : dirname(main);
  return { directory: from(place.root, root), root };
}

const from = (root: string, directory: string): string => relative(root, directory) || '.';

/**
 * The includer's variables, which override those of the env files. undefined: a file cannot be read, which has been
 * reported.
 */
async function environmentOf(
  { envFiles }: IncludeEntry,
  root: string,
  { place, cwd, locate, readFile, problems }: Including,
): Promise<Readonly<Record<string, string>> | undefined> {
  const usual = join(root, '.env');
  const files =
    envFiles.length > 0
      ? envFiles.map(({ path, at }) => ({
          file: resolve(cwd, place.directory, path),
          place: problemAt(locate, at, ''),
        }))
      : (await isFile(usual))
        ? [{ file: usual }]
        : [];
  const before = problems.length;
  const added = await readEnvFiles(files, place.environment, readFile, problems);
  return problems.length > before ? undefined : Object.assign(Object.create(null), added, place.environment);
}
