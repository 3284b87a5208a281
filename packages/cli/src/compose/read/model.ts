import type { Locate, Path, Problem } from '../problem.ts';
import type { TreeMap } from '../tree.ts';
import type { YamlFile } from '../yaml/read-yaml.ts';
import type { Origin } from './locate.ts';
import type { ReadFile } from './read-env-files.ts';

/** Shared by all models of a project. */
export interface ModelReading {
  /** Absolute path of the directory the command runs in. */
  readonly cwd: string;
  readonly home: string | undefined;
  readonly readFile: ReadFile;
  /** Variables that have a warning already. */
  readonly unset: Set<string>;
  /** The number of included files. */
  included: number;
}

/** The base of a model's relative paths, and the source of its variables. */
export interface ModelPlace {
  /** Base of relative paths. In an included model it is relative to the includer's. */
  readonly directory: string;
  /** Absolute; `include` and `extends` find files from here. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The files that led here by `include`, absolute. The user named the first. */
  readonly chain: readonly string[];
}

/** Merged files, with the files they extend and include. */
export interface Model {
  /** In canonical form, without the parts that have problems. */
  readonly tree: TreeMap;
  /** Nothing is missing except where problems say so. */
  readonly whole: boolean;
  readonly problems: readonly Problem[];
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly sources: Sources;
  readonly locate: Locate;
}

/** The files to find places in: every file of a model, extended and included ones first. */
export interface Sources {
  readonly files: readonly YamlFile[];
  readonly origins: readonly Origin[];
}

/** One document of a file, with its variables substituted. */
export interface Layer {
  readonly yaml: YamlFile;
  readonly tree: TreeMap;
  readonly dropped: readonly Path[];
}
