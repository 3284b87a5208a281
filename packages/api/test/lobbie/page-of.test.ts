import { describe, expect, it } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import { byAge, type ListedFile } from '../../src/lobbie/listed-file.ts';
import { mergeListings } from '../../src/lobbie/merge-listings.ts';
import { pageOf } from '../../src/lobbie/page-of.ts';

const files = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^include-me-[A-Za-z0-9]{1,3}\.txt$/),
      madeAtMs: fc.integer({ min: 0, max: 5 }),
    }),
    { selector: ({ name }) => name, maxLength: 60 },
  )
  .map((list) => list.sort(byAge));

function allPages(sorted: readonly ListedFile[], limit: number, own: string): string[][] {
  const pages: string[][] = [];
  let after: ListedFile | undefined;
  for (;;) {
    const page = pageOf(sorted, { limit, own, ...(after === undefined ? {} : { after }) });
    pages.push([...page.files]);
    if (page.next === undefined) return pages;
    after = sorted.find(({ name }) => name === page.next);
  }
}

describe('pageOf', () => {
  it('gives every file but the own once, in order, whatever the limit', () => {
    fc.assert(
      fc.property(files, fc.integer({ min: 1, max: 70 }), fc.nat(), (sorted, limit, pick) => {
        const own = sorted[pick % (sorted.length + 1)]?.name ?? 'include-me-none.txt';
        const pages = allPages(sorted, limit, own);
        expect(pages.flat()).toEqual(sorted.map(({ name }) => name).filter((name) => name !== own));
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
      }),
    );
  });

  it('names no next page where only the own file would be on it', () => {
    const sorted = ['a', 'b', 'own'].map((name, madeAtMs) => ({ name, madeAtMs }));
    expect(pageOf(sorted, { limit: 2, own: 'own' })).toEqual({ files: ['a', 'b'] });
  });

  it('goes on behind a file that has meanwhile been removed', () => {
    const sorted = ['a', 'c'].map((name) => ({ name, madeAtMs: name.charCodeAt(0) }));
    expect(pageOf(sorted, { limit: 5, own: '', after: { name: 'b', madeAtMs: 98 } }).files).toEqual(['c']);
  });
});

describe('mergeListings', () => {
  it('sorts as sorting all at once does', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.array(fc.nat(4), { maxLength: 60 }), async (sorted, hands) => {
        const runs = [0, 1, 2, 3, 4].map((hand) => sorted.filter((_file, index) => (hands[index] ?? 0) === hand));
        expect(await mergeListings(runs)).toEqual(sorted);
      }),
    );
  });
});
