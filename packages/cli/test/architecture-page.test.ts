import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('ARCHITECTURE.md', ROOT), 'utf8');

/** Paths in the page are relative to the repository, to the command's package or to its sources. */
const BASES = ['', 'packages/cli/', 'packages/cli/src/'];
/** `a/b.ts`, `a/b/`; not `<project>` or a word with a slash between two names. */
const PATH = /^[\w.-]+(\/[\w.*-]+)*\/?$/;

const named = [...page.matchAll(/`([^`\s]+)`|\]\(([^)#]+)\)/g)]
  .map(([, code, link]) => code ?? link ?? '')
  .filter((path) => PATH.test(path) && (path.endsWith('/') || /\.(ts|md|yaml)$/.test(path)));

it('names files and folders that are there', () => {
  expect(named.length).toBeGreaterThan(60);
  const missing = named.filter((path) =>
    path.includes('*')
      ? globSync(
          BASES.map((base) => `${base}**/${path}`),
          { cwd: ROOT.pathname, exclude: ['**/node_modules/**'] },
        ).length === 0
      : !BASES.some((base) => existsSync(new URL(base + path, ROOT))),
  );
  expect(missing).toEqual([]);
});
