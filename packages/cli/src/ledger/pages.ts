import type { LedgerState, Release } from '../model/release.ts';

/**
 * Records are kept in pages: a page is a directory for this many releases and their containers. A command that wants the
 * latest ones reads only the last pages; see docs/decisions/ledger.md.
 */
const RELEASES_IN_A_PAGE = 100;

type Kind = 'releases' | 'containers';

/** The page of a release, by its number. */
export const pageOf = (number: number): number => Math.floor(number / RELEASES_IN_A_PAGE);

/** The directory of one kind of records on a page, in the ledger. Older versions had one directory without pages. */
export const pageDirectory = (page: number | undefined, kind: Kind): string =>
  page === undefined ? kind : `pages/${kind}/${String(page).padStart(6, '0')}`;

/** The directories of one kind of records, page by page, the latest releases first. */
export function* pagesOf({ releases }: Pick<LedgerState, 'releases'>, kind: Kind): Generator<string> {
  for (let page = pageOf(releases); page >= 0; page -= 1) yield pageDirectory(page, kind);
  yield kind;
}

/** The directories that hold all pages: one request reads them all. */
export const allPages = (kind: Kind): string[] => [`pages/${kind}`, kind];

/** The file of a release. Its name has only the id, so that it can be found by the id without reading a page. */
export const releaseFile = ({ number, id }: Pick<Release, 'number' | 'id'>): string =>
  `${pageDirectory(pageOf(number), 'releases')}/${id}.json`;

/** The directories above a file, the outermost first. */
export const directoriesAbove = (file: string): string[] => {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
};
