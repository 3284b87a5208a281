import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { analyse } from 'scslre';
import { describe, expect, it } from 'vitest';

/** A regular expression of the sources, and where it stands. */
interface Found {
  readonly at: string;
  readonly pattern: string;
  readonly flags: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What runs on a user's machine or builds what does. */
const SOURCES = /^(?:(?:packages|examples)\/[^/]+\/src|scripts)\/.*\.[mc]?[jt]s$/;
/** The texts that tests meet are their own. */
const TESTS = /\/test\//;

/**
 * Those that cannot be judged, with the reason why they are safe. Empty: rewrite what is not linear, and use this list
 * only where that is impossible.
 */
const EXCUSED: Readonly<Record<string, string>> = {};

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .split('\n')
  .filter((path) => SOURCES.test(path) && !TESTS.test(path));

const found: Found[] = [];
const built: string[] = [];
for (const path of sources) collect(path);

describe('every regular expression', () => {
  it('is found, and an unsafe one is told from a safe one', () => {
    expect(found.length).toBeGreaterThan(200);
    expect(found.some(({ at }) => at.startsWith('packages/cli/src/model/secrets.ts:'))).toBe(true);
    for (const [pattern, flags, problem] of [
      ['[a-z][a-z0-9+.-]*:\\/\\/[^\\s/?#:@]*:([^\\s/?#]+)@', 'gi', 'polynomial'],
      ['^\\s*bytes\\s*=\\s*(\\d*)\\s*-\\s*$', 'i', 'polynomial'],
      ['^(a+)+$', '', 'exponential'],
      ['^a+$', '', undefined],
    ] as const)
      expect(judge(pattern, flags)).toBe(problem);
  });

  it('is a literal, so that it can be judged', () => expect(built).toEqual([]));

  it('takes time in proportion to its text', { timeout: 300_000 }, () => {
    const problems = found.flatMap(({ at, pattern, flags }) => {
      const literal = `/${pattern}/${flags}`;
      const problem = literal in EXCUSED ? undefined : judge(pattern, flags);
      return problem === undefined ? [] : [`${at}: ${literal} can take ${problem} time`];
    });
    expect(problems).toEqual([]);
  });

  it('is excused only where it stands in the sources', () => {
    const literals = new Set(found.map(({ pattern, flags }) => `/${pattern}/${flags}`));
    expect(Object.keys(EXCUSED).filter((literal) => !literals.has(literal))).toEqual([]);
  });
});

/**
 * What backtracking can cost beyond linear time, as `eslint-plugin-regexp` finds it. It knows repeated parts that trade
 * characters with each other, and a repeated part at the start of a pattern without an anchor. It does not know a
 * repeated part behind a fixed start, such as `"[^"]*!`: write such a one so that it cannot fail.
 */
function judge(pattern: string, flags: string): 'exponential' | 'polynomial' | undefined {
  const { reports } = analyse({ source: pattern, flags }, { assumeRejectingSuffix: false });
  if (reports.length === 0) return undefined;
  return reports.some(({ exponential }) => exponential) ? 'exponential' : 'polynomial';
}

/** Adds the literals of a file, and the places where one is made from a string. */
function collect(path: string): void {
  const text = readFileSync(new URL(path, new URL('../..', import.meta.url)), 'utf8');
  const at = (start: number): string => `${path}:${text.slice(0, start).split('\n').length}`;
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    if (isLiteral(node)) found.push({ at: at(node.start), pattern: node.regex.pattern, flags: node.regex.flags });
    if (isBuilt(node)) built.push(at(node.start));
    for (const inner of Object.values(node)) visit(inner);
  };
  visit(parseAst(text, { lang: path.endsWith('ts') ? 'ts' : 'js' }, path));
}

function isLiteral(node: object): node is { start: number; regex: { pattern: string; flags: string } } {
  return 'type' in node && node.type === 'Literal' && 'regex' in node;
}

function isBuilt(node: object): node is { start: number } {
  return (
    'callee' in node &&
    typeof node.callee === 'object' &&
    node.callee !== null &&
    'name' in node.callee &&
    node.callee.name === 'RegExp'
  );
}
