/** A problem or a warning about a Compose file. */
export interface Problem {
  /** Path in the tree: `services.api.ports[0]`; empty for the whole file. */
  readonly path: string;
  /** What is wrong, with the value, but without path and position. */
  readonly message: string;
  /** Absolute path of the file. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** What to write instead. */
  readonly hint?: string;
  /** Absolute path of a Compose file that was named but does not exist. */
  readonly missingFile?: string;
}

/** Keys and indexes from the top of a file to a value. */
export type Path = readonly (string | number)[];

/** A place in a file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Finds the place that set the value at a path such as `services.api.ports[0]`, or the place of its nearest parent. */
export type Locate = (path: string) => Position | undefined;

/** A problem at the place of its path. */
export const problemAt = (locate: Locate, path: string, message: string, hint?: string): Problem => ({
  path,
  message,
  ...locate(path),
  ...(hint === undefined ? {} : { hint }),
});

/** `services.api.ports[0]` from its parts; a number is the index of a list. */
export function formatPath(parts: Path): string {
  let path = '';
  for (const part of parts) path += typeof part === 'number' ? `[${part}]` : path === '' ? part : `.${part}`;
  return path;
}
