import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const workflows = globSync('.github/workflows/*.yml', { cwd: ROOT }).map((path) => ({
  path,
  text: readFileSync(`${ROOT}/${path}`, 'utf8'),
}));

describe('the workflows', () => {
  it('pin every action by commit, with its version beside it', () => {
    const uses = workflows.flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => line.includes('uses:') && !line.includes('uses: ./'))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(uses.length).toBeGreaterThan(10);
    expect(uses.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it('publish a release after CI and packing, as one package, with provenance', () => {
    const text = workflows.find(({ path }) => path.endsWith('/release.yml'))?.text ?? '';
    const { jobs } = parse(text) as { jobs: Record<string, { needs?: string[]; uses?: string }> };
    expect(jobs.ci?.uses).toBe('./.github/workflows/ci.yml');
    expect([jobs.npm?.needs, jobs.image?.needs, jobs.notes?.needs]).toEqual([
      ['ci', 'pack'],
      ['ci', 'pack'],
      ['npm', 'image'],
    ]);
    expect(text).toMatch(/npm publish \S+\.tgz --provenance/);
    expect(text).toContain('build-args: BUNDLE=prebuilt');
  });

  it('may read, and more only in a job that says so', () => {
    expect(workflows.map(({ text }) => parse(text).permissions)).toEqual(workflows.map(() => ({ contents: 'read' })));
  });
});
