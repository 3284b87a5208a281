import { setImmediate as nextTurn } from 'node:timers/promises';
import { byAge, type ListedFile } from './listed-file.ts';

/** How many files are merged before other requests get their turn: about a millisecond. */
const TURN = 20_000;

/** Merges sorted listings into one. Sorts a million files without blocking the process. */
export async function mergeListings(listings: readonly (readonly ListedFile[])[]): Promise<readonly ListedFile[]> {
  let round = listings.filter((listing) => listing.length > 0);
  while (round.length > 1) {
    const next: (readonly ListedFile[])[] = [];
    for (let index = 0; index < round.length; index += 2) {
      next.push(await mergeTwo(round[index] ?? [], round[index + 1] ?? []));
    }
    round = next;
  }
  return round[0] ?? [];
}

async function mergeTwo(a: readonly ListedFile[], b: readonly ListedFile[]): Promise<readonly ListedFile[]> {
  const lastOfA = a.at(-1);
  const firstOfB = b[0];
  if (lastOfA === undefined) return b;
  if (firstOfB === undefined) return a;
  if (byAge(lastOfA, firstOfB) <= 0) return a.concat(b);
  const merged: ListedFile[] = [];
  let [fromA, fromB]: (ListedFile | undefined)[] = [a[0], b[0]];
  let indexA = 0;
  let indexB = 0;
  while (fromA !== undefined || fromB !== undefined) {
    if (fromB === undefined || (fromA !== undefined && byAge(fromA, fromB) <= 0)) {
      merged.push(fromA as ListedFile);
      indexA += 1;
      fromA = a[indexA];
    } else {
      merged.push(fromB);
      indexB += 1;
      fromB = b[indexB];
    }
    if (merged.length % TURN === 0) await nextTurn();
  }
  return merged;
}
