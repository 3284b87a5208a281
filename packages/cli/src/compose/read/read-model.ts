import { LobbieError } from '../../model/errors.ts';
import { type Locate, type Path, type Problem, problemAt } from '../problem.ts';
import { newMap, type TreeMap } from '../tree.ts';
import type { YamlFile } from '../yaml/read-yaml.ts';
import { applyExtends, type ExtendedFile } from './apply-extends.ts';
import { applyInclude, type IncludedModel, type ModelPlace } from './apply-include.ts';
import { finishIncluded } from './finish-included.ts';
import type { PlacedPath } from './include-entries.ts';
import { interpolate } from './interpolate.ts';
import { layOver } from './lay-over.ts';
import { locateIn, type Origin } from './locate.ts';
import { mergeTrees } from './merge-trees.ts';
import type { ReadFile } from './read-env-files.ts';
import { readOne } from './read-one.ts';

/** What all models of a project are read with. */
export interface ModelReading {
  /** Absolute path of the directory the command runs in. */
  readonly cwd: string;
  readonly home: string | undefined;
  readonly readFile: ReadFile;
  /** Names of variables that have been warned of. */
  readonly unset: Set<string>;
  /** How many files have been included. */
  included: number;
}

/** Files merged, with what they extend and include. */
export interface Model {
  /** In canonical form, without what the problems name; paths are relative to the model's directory. */
  readonly tree: TreeMap;
  /** Nothing is missing but what the problems name. */
  readonly whole: boolean;
  readonly problems: readonly Problem[];
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly locate: Locate;
}

/** One document of a file, its variables put in. */
interface Layer {
  readonly yaml: YamlFile;
  readonly tree: TreeMap;
  readonly dropped: readonly Path[];
}

/** What {@link locateIn} looks through. */
interface Sources {
  readonly files: YamlFile[];
  readonly origins: Origin[];
}

/** A few files that include each other many times could take forever. */
const MOST_INCLUDED = 1000;

/** Merges files: variables, checks of each file, extends, include. */
export async function readModel(
  files: readonly YamlFile[],
  place: ModelPlace,
  reading: ModelReading,
  sources: Sources = { files: [], origins: [] },
): Promise<Model> {
  const { home, readFile, unset } = reading;
  const { environment, root } = place;
  const problems: Problem[] = files.flatMap((file) => file.problems);
  const warnings: Problem[] = [];
  // Apart, for their paths are those of other files.
  const included: Problem[] = [];
  sources.files.push(...files);
  const locate: Locate = (path) => locateIn(sources.files, sources.origins)(path);
  const report = (path: string, message: string) => void problems.push(problemAt(locate, path, message));
  let whole = problems.length === 0;
  const layersOf = (yaml: YamlFile): Layer[] =>
    yaml.documents.map(({ tree, dropped }) => ({
      yaml,
      dropped,
      tree: interpolate(tree, { environment, locate: locateIn([yaml]), problems, warnings, unset }),
    }));
  const openExtended = async (file: string, at: string): Promise<ExtendedFile | undefined> => {
    const yaml = await readOne(file, readFile, problems, problemAt(locate, at, ''));
    if (yaml === undefined) return undefined;
    sources.files.unshift(yaml);
    problems.push(...yaml.problems);
    whole &&= yaml.problems.length === 0;
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
  const onExtended = (origin: Origin) => void sources.origins.push(origin);
  const layers = files.flatMap(layersOf);
  let tree = newMap();
  // Of the last file, for it is judged with all before it.
  let blockers: readonly Problem[] = [];
  for (const { yaml, tree: own, dropped } of layers) {
    const from = { file: yaml.file, dropped, directory: root };
    const extended = await applyExtends(own, from, { home, read, report, onExtended });
    const readIncluded = async (named: readonly PlacedPath[], at: ModelPlace): Promise<IncludedModel | undefined> => {
      const model = await readNamed(named, at, locateIn([yaml]), reading);
      included.push(...model.problems);
      warnings.push(...model.warnings);
      sources.files.unshift(...model.sources.files);
      sources.origins.push(...model.sources.origins);
      return model.whole ? model : undefined;
    };
    const including = {
      file: yaml.file,
      place,
      locate: locateIn([yaml]),
      cwd: reading.cwd,
      readFile,
      problems,
      warnings,
    };
    const withIncluded = await applyInclude(extended, { ...including, readModel: readIncluded });
    const laid = layOver(tree, withIncluded.tree, dropped, locate, new Set(problems.map(({ path }) => path)));
    tree = laid.tree;
    problems.push(...laid.problems);
    whole &&= laid.whole && withIncluded.whole;
    blockers = laid.blockers;
  }
  return { tree, whole, problems: [...problems, ...included], blockers, warnings, locate };
}

/** Reads files that another one includes. */
async function readNamed(
  named: readonly PlacedPath[],
  place: ModelPlace,
  locate: Locate,
  reading: ModelReading,
): Promise<Model & { readonly sources: Sources }> {
  const problems: Problem[] = [];
  const files: YamlFile[] = [];
  for (const { path, at } of named) {
    reading.included += 1;
    if (reading.included > MOST_INCLUDED) {
      if (reading.included === MOST_INCLUDED + 1)
        problems.push(problemAt(locate, at, `more than ${MOST_INCLUDED} files are included`));
      continue;
    }
    const yaml = await readOne(path, reading.readFile, problems, problemAt(locate, at, ''));
    if (yaml !== undefined) files.push(yaml);
  }
  const sources: Sources = { files: [], origins: [] };
  const model = await readModel(files, place, reading, sources);
  const finished = finishIncluded(model, place, reading.home);
  return {
    ...finished,
    whole: model.whole && files.length === named.length,
    problems: [...problems, ...finished.problems],
    sources,
  };
}
