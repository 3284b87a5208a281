import { LobbieError } from '../../model/errors.ts';
import { type Locate, type Problem, problemAt } from '../problem.ts';
import { newMap } from '../tree.ts';
import type { YamlFile } from '../yaml/read-yaml.ts';
import type { ExtendedFile } from './apply-extends.ts';
import { mergeTrees } from './merge-trees.ts';
import type { Layer } from './model.ts';
import type { ReadFile } from './read-env-files.ts';
import { readOne } from './read-one.ts';

/** The context for reading extended files, and where to report problems. */
export interface ExtendedReading {
  readonly readFile: ReadFile;
  readonly layersOf: (yaml: YamlFile) => readonly Layer[];
  /** Finds places in all files, including those opened so far. */
  readonly locate: Locate;
  readonly problems: Problem[];
  readonly onOpen: (yaml: YamlFile) => void;
}

/** Reads files with extended services, each once. undefined: it cannot be read, which has been reported. */
export function extendedReader(
  reading: ExtendedReading,
): (file: string, at: string) => Promise<ExtendedFile | undefined> {
  const opened = new Map<string, Promise<ExtendedFile | undefined>>();
  return (file, at) => {
    const known = opened.get(file) ?? open(file, at, reading);
    opened.set(file, known);
    return known;
  };
}

async function open(
  file: string,
  at: string,
  { readFile, layersOf, locate, problems, onOpen }: ExtendedReading,
): Promise<ExtendedFile | undefined> {
  const yaml = await readOne(file, readFile, problems, problemAt(locate, at, ''));
  if (yaml === undefined) return undefined;
  onOpen(yaml);
  problems.push(...yaml.problems);
  const layers = layersOf(yaml);
  let tree = newMap();
  try {
    for (const layer of layers) tree = mergeTrees(tree, layer.tree);
  } catch (error) {
    if (!(error instanceof LobbieError)) throw error;
    problems.push(problemAt(locate, error.details[0] ?? '', error.message));
  }
  return { tree, dropped: layers.flatMap(({ dropped }) => dropped) };
}
