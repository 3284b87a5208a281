import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkFile } from '../../packages/cli/src/compose/schema/check-file.ts';
import { readYaml } from '../../packages/cli/src/compose/yaml/read-yaml.ts';
import { fillReference, REFERENCE } from '../compose-reference.ts';

const page = readFileSync(REFERENCE, 'utf8');

describe('docs/compose.md', () => {
  it('says what the schema says: run `node scripts/compose-reference.ts` if this fails', () => {
    expect(page).toBe(fillReference(page));
  });

  it('has a row for every key, with its meaning', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(200);
    expect(
      rows.filter((row) =>
        row
          .split('|')
          .slice(1, -1)
          .some((cell, index) => index < 2 && cell.trim() === ''),
      ),
    ).toEqual([]);
  });

  it('shows examples that are right', () => {
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) =>
      readYaml(text, 'compose.yaml'),
    );
    expect(examples).toHaveLength(3);
    expect(
      examples.flatMap(({ problems, documents }) => [
        ...problems,
        ...documents.flatMap(({ tree }) => checkFile(tree).problems),
      ]),
    ).toEqual([]);
  });

  it('refuses a page without a part, or with one too many', () => {
    expect(() => fillReference(page.replace('<!-- keys of Storage -->', ''))).toThrow(
      'the keys of "Storage" are missing',
    );
    expect(() => fillReference(`${page}\n<!-- keys of Nothing -->\n<!-- end -->`)).toThrow('no keys of "Nothing"');
  });
});
