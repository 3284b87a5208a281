import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FixtureOptions, maskDirectory, type Reading, readFixtureOptions } from './compose-fixture.ts';
import { type PathDifference, pathDifferences } from './path-differences.ts';
import { readByReference } from './read-by-reference.ts';
import { renderExpected } from './render-expected.ts';

// Compares `docker compose config` with `lobbie config`, on the fixtures or on any files.

const USAGE = `node scripts/compare-compose.ts [--reference <docker-compose>] [--write] [--quiet] [directory or file …]

Without paths: the fixtures of packages/cli/test/compose. A directory that holds no Compose file stands for all files in
and below it that are named like one. Without --reference: docker compose.
  --write   write what the reference gives as expected.json or expected-error.txt, and compare nothing
  --quiet   the paths that differ, without the values`;

const UNSTEADY = 'the reference does not give the same twice';
const FIXTURES = fileURLToPath(new URL('../packages/cli/test/compose/fixtures', import.meta.url));
const COMPOSE_FILE = /^(docker-)?compose[^/]*\.ya?ml$|\.(docker-)?compose\.ya?ml$/;
const DISCOVERED = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** A directory and the options for its files. */
interface Subject {
  readonly name: string;
  readonly directory: string;
  readonly options: FixtureOptions;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reference: { type: 'string' },
    write: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const command = values.reference === undefined ? ['docker', 'compose'] : [resolve(values.reference)];
  const subjects = (positionals.length === 0 ? [FIXTURES] : positionals.map((path) => resolve(path))).flatMap(
    subjectsAt,
  );
  const act = values.write ? write : compare;
  let differing = 0;
  await forEachSideBySide(subjects, async (subject) => {
    const lines = await act(subject, command);
    if (lines.length === 0) return;
    differing += 1;
    console.log(`${subject.name}\n${lines.map((line) => `  ${line}`).join('\n')}`);
  });
  console.log(`${subjects.length - differing} of ${subjects.length} ${values.write ? 'written' : 'agree'}`);
  return differing === 0 ? 0 : 1;
}

/** The differences for a subject, one line per path; empty if they agree. */
async function compare(subject: Subject, command: readonly string[]): Promise<string[]> {
  // Imported late: expected outputs can be written even if lobbie cannot read anything yet.
  const { readByLobbie } = await import('./read-by-lobbie.ts');
  const [expected, actual] = await Promise.all([
    readByReference(command, subject.directory, subject.options),
    readByLobbie(subject.directory, subject.options).catch((crash: unknown): Reading => ({ error: `crash: ${crash}` })),
  ]);
  if ('error' in actual && actual.error.startsWith('crash: ')) return [actual.error];
  const { blockers, refused } = subject.options;
  if (refused !== undefined) {
    const told = 'error' in actual && actual.error.split('\n').some((line) => line.startsWith(`${refused}: `));
    return told ? [] : [`lobbie has to refuse ${refused}`];
  }
  if ('error' in expected) return 'error' in actual ? [] : [`only the reference refuses: ${expected.error}`];
  if ('error' in actual) return actual.error.split('\n').map((line) => `only lobbie refuses: ${line}`);
  return [
    ...pathDifferences(expected.project, actual.project),
    ...(blockers === undefined ? [] : pathDifferences(blockers, actual.blockers, 'blockers')),
  ].map(showDifference);
}

function showDifference({ path, expected, actual }: PathDifference): string {
  return values.quiet ? path : `${path}: ${JSON.stringify(expected)} is ${JSON.stringify(actual)} in lobbie`;
}

/** Writes the output of the reference. Returns a line if its output is not the same twice. */
async function write({ directory, options }: Subject, command: readonly string[]): Promise<string[]> {
  const [first, second] = await Promise.all(
    [1, 2].map(async () => {
      const reading = await readByReference(command, directory, options);
      return 'error' in reading
        ? { file: 'expected-error.txt', text: `${maskDirectory(reading.error, directory)}\n` }
        : { file: 'expected.json', text: maskDirectory(renderExpected(reading.project), directory) };
    }),
  );
  if (first === undefined || second === undefined || first.file !== second.file) return [UNSTEADY];
  // Which of several problems it reports, and in which words, is random.
  if (first.file === 'expected.json' && first.text !== second.text) return [UNSTEADY];
  const other = first.file === 'expected.json' ? 'expected-error.txt' : 'expected.json';
  await rm(join(directory, other), { force: true });
  const path = join(directory, first.file);
  const before = existsSync(path) ? await readFile(path, 'utf8') : undefined;
  if (before !== first.text) await writeFile(path, first.text);
  return [];
}

/** A file; or a directory with Compose files or options; or all such directories below it. */
function subjectsAt(path: string): Subject[] {
  if (statSync(path).isFile()) {
    return [{ name: path, directory: dirname(path), options: { files: [basename(path)] } }];
  }
  const entries = readdirSync(path, { withFileTypes: true });
  if (existsSync(join(path, 'options.json')) || DISCOVERED.some((name) => existsSync(join(path, name)))) {
    return [{ name: basename(path), directory: path, options: readFixtureOptions(path) }];
  }
  return entries.flatMap((entry) => {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) return subjectsAt(inner);
    return COMPOSE_FILE.test(entry.name) ? subjectsAt(inner) : [];
  });
}

async function forEachSideBySide<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
