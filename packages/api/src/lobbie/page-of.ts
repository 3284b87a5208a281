import { byAge, type ListedFile } from './listed-file.ts';

export interface Page {
  readonly files: readonly string[];
  /** The last name of a page, if there are more. */
  readonly next?: string;
}

export interface PageRequest {
  readonly limit: number;
  /** The page begins after this file. */
  readonly after?: ListedFile;
  /** The file of the container that answers. It is never listed. */
  readonly own: string;
}

/** Cuts a page from files sorted by age. The cost depends on the page's size only. */
export function pageOf(sorted: readonly ListedFile[], { limit, after, own }: PageRequest): Page {
  const names: string[] = [];
  const start = after === undefined ? 0 : indexBehind(sorted, after);
  for (let index = start; index < sorted.length; index += 1) {
    const name = (sorted[index] as ListedFile).name;
    if (name === own) continue;
    const last = names.at(-1);
    if (names.length === limit && last !== undefined) return { files: names, next: last };
    names.push(name);
  }
  return { files: names };
}

/** The index of the first younger file. */
function indexBehind(sorted: readonly ListedFile[], file: ListedFile): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byAge(sorted[middle] as ListedFile, file) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
