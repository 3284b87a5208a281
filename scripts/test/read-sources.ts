import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A source file, as the tests of the imports see it. */
export interface SourceFile {
  /** Relative to the folder that was read. */
  readonly path: string;
  /** The first folder of the path; empty if the file is in none. */
  readonly floor: string;
  readonly text: string;
  /** The text without comments. */
  readonly code: string;
  readonly imports: readonly string[];
  /** The imports that are there when the program runs: not `import type`. */
  readonly loads: readonly string[];
}

/** Reads the sources below a folder. */
export const readSources = (folder: string, pattern = '**/*.ts'): SourceFile[] =>
  globSync(pattern, { cwd: folder }).map((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    const code = withoutComments(text);
    const imports = namesIn(code, [
      /(?:^|\s)(?:import|export)\s[^'"();]*?from\s*['"]([^'"]+)['"]/g,
      /import\(\s*['"]([^'"]+)['"]\s*\)/g,
      /^import\s+['"]([^'"]+)['"]/gm,
    ]);
    const types = namesIn(code, [/(?:^|\s)(?:import|export) type\s[^'"();]*?from\s*['"]([^'"]+)['"]/g]);
    const loads = imports.filter((name) => !types.includes(name));
    return { path, floor: floorOf(path), text, code, imports, loads };
  });

/** The first folder of a path; empty if there is none. */
export const floorOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : '');

/** The paths of what a file imports by a relative name. */
export const ownImports = (file: SourceFile, names = file.imports): string[] =>
  names.filter((name) => name.startsWith('.')).map((name) => normalize(join(dirname(file.path), name)));

/** Every circle of files that load each other, as `a.ts → b.ts → a.ts`. */
export function circlesOf(files: readonly SourceFile[]): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const byPath = new Map(files.map((file) => [file.path, file]));
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) return void circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    const file = byPath.get(path);
    if (file === undefined || done.has(path)) return;
    for (const target of ownImports(file, file.loads)) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return circles;
}

/** Files longer than 250 lines. */
export const longFiles = (files: readonly SourceFile[]): string[] =>
  files.filter(({ text }) => text.split('\n').length > 251).map(({ path }) => path);

/** Files that use a global such as `process.` or `console.`, and not only a property or a text of that name. */
export const usersOf = (files: readonly SourceFile[], name: string): string[] =>
  files
    .filter(({ code }) =>
      code
        .split(name)
        .slice(0, -1)
        .some((before) => !/[\w.'"`]$/.test(before)),
    )
    .map(({ path }) => path);

const TIME =
  /(?<![\w.'"`])(setTimeout|setInterval|performance\.|Date\.now|new Date\(\)|AbortSignal\.timeout)|import \{(?! setImmediate\b[^,}]*\})[^}]*\} from 'node:timers/;

/** Files that read a clock or set a timer. `setImmediate` is no timer. */
export const clockUsers = (files: readonly SourceFile[]): string[] =>
  files.filter(({ code }) => TIME.test(code)).map(({ path }) => path);

const namesIn = (text: string, patterns: readonly RegExp[]): string[] =>
  patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));

/** What comments say is not what the code uses. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
