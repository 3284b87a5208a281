import { byAge, type ListedFile } from './listed-file.ts';

export interface Page {
  readonly files: readonly string[];
  /** The last name of a page that has a successor. */
  readonly next?: string;
}

export interface PageRequest {
  readonly limit: number;
  /** The page begins behind this file. */
  readonly after?: ListedFile;
  /** Never listed: the file of the one who answers. */
  readonly own: string;
}

/** Cuts a page out of files that are sorted by age; the cost follows the page. */
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

/** Where the first file that is younger stands. */
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
