/** A file in the listing of the history. */
export interface ListedFile {
  readonly name: string;
  /** Milliseconds since 1970, with fractions if the file system has them. */
  readonly madeAtMs: number;
}

/** Oldest first, then by name in order of code units, which is the same everywhere. */
export const byAge = (a: ListedFile, b: ListedFile): number =>
  a.madeAtMs - b.madeAtMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
