import type { Locate, Path, Problem } from '../problem.ts';
import type { TreeMap } from '../tree.ts';
import type { YamlFile } from '../yaml/read-yaml.ts';
import type { Origin } from './locate.ts';
import type { ReadFile } from './read-env-files.ts';

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

/** Where a model is read: what its paths are relative to, and what its variables are looked up in. */
export interface ModelPlace {
  /** Relative paths start here; in an included model it is itself relative, to that of the including one. */
  readonly directory: string;
  /** Absolute: `include` and `extends` find files from here. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The files that led here by `include`, absolute; the first is one that the user named. */
  readonly chain: readonly string[];
}

/** Files merged, with what they extend and include. */
export interface Model {
  /** In canonical form, without what the problems name. */
  readonly tree: TreeMap;
  /** Nothing is missing but what the problems name. */
  readonly whole: boolean;
  readonly problems: readonly Problem[];
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly sources: Sources;
  readonly locate: Locate;
}

/** What places are looked for in: every file of a model, those that others extend and include first. */
export interface Sources {
  readonly files: readonly YamlFile[];
  readonly origins: readonly Origin[];
}

/** One document of a file, its variables put in. */
export interface Layer {
  readonly yaml: YamlFile;
  readonly tree: TreeMap;
  readonly dropped: readonly Path[];
}
