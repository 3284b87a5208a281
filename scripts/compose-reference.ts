import { readFileSync, writeFileSync } from 'node:fs';
import { describeFile, describeService, type KeyRow } from '../packages/cli/src/compose/schema/describe-keys.ts';

/** The page that {@link fillReference} fills. */
export const REFERENCE = new URL('../docs/compose.md', import.meta.url);

const END = '<!-- end -->';

/**
 * Writes the key tables of the reference page from the schema of Compose files: between `<!-- keys of X -->` and
 * `<!-- end -->`. Keeps everything else.
 *
 * @throws Error if the page names unknown keys or lacks a table
 */
export function fillReference(page: string): string {
  const blocks = blocksOf();
  const filled = page
    .split(END)
    .map((part) => {
      const [begin, title = ''] = /<!-- keys of ([^<>]+) -->\n/.exec(part) ?? [];
      if (begin === undefined) return part;
      const block = blocks.get(title);
      if (block === undefined) throw new Error(`docs/compose.md: there are no keys of "${title}" any more`);
      blocks.delete(title);
      return `${part.slice(0, part.indexOf(begin) + begin.length)}\n${block}\n\n`;
    })
    .join(END);
  if (blocks.size > 0) throw new Error(`docs/compose.md: the keys of "${[...blocks.keys()].join('", "')}" are missing`);
  return filled;
}

function blocksOf(): Map<string, string> {
  const top = describeFile();
  const sections = describeService();
  const all = [...top, ...sections.flatMap(({ keys }) => keys)].flatMap((row) => [row, ...row.below]);
  return new Map([
    ['the file', keysBlock(top)],
    ...sections.map(({ title, keys }) => [title, keysBlock(keys)] as const),
    [
      'no effect',
      table(
        ['key', 'why'],
        all.filter(({ doc }) => doc.ignored).map(({ name, doc }) => [code(name), doc.ignored ?? '']),
      ),
    ],
    [
      'no support',
      table(
        ['key', 'instead'],
        all.filter(({ doc }) => doc.instead).map(({ name, doc }) => [code(name), doc.instead ?? '']),
      ),
    ],
  ]);
}

/** A table of the keys, and one for each key whose value may be a map. */
function keysBlock(keys: readonly KeyRow[]): string {
  const read = keys.filter(({ doc }) => doc.instead === undefined);
  const maps = read.filter(({ below }) => below.length > 0);
  return [
    keyTable(read),
    ...maps.map(
      ({ name, below }) =>
        `#### \`${name}\` as a map\n\n${keyTable(below.filter(({ doc }) => doc.instead === undefined))}`,
    ),
  ].join('\n\n');
}

const keyTable = (rows: readonly KeyRow[]): string =>
  table(
    ['key', 'value', 'meaning'],
    rows.map(({ name, form, doc }) => [code(name), form, `${doc.meaning}${remark(doc)}`]),
  );

const remark = ({ lobbie, ignored }: KeyRow['doc']): string => {
  if (ignored !== undefined) return ` *lobbie:* warns: ${ignored}.`;
  return lobbie === undefined ? '' : ` *lobbie:* ${lobbie}`;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const code = (name: string): string => `\`${name}\``;

if (import.meta.main) writeFileSync(REFERENCE, fillReference(readFileSync(REFERENCE, 'utf8')));
