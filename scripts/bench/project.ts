import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { COMPOSE, LOBBIE } from './scenario.ts';

/** A service in a Compose file, as far as scenarios use it. */
export type ServiceFile = Readonly<Record<string, unknown>>;

const PORT = 3000;
/** Answers `ok`, and ends at once when it is stopped. */
const SERVER = `require('node:http').createServer((_, response) => response.end('ok')).listen(${PORT}); process.on('SIGTERM', () => process.exit(0))`;

/** A small HTTP server from the Node image, without a build. */
export const serverOf = ({ nodeImage }: Bench): { readonly image: string; readonly entrypoint: readonly string[] } => ({
  image: nodeImage,
  entrypoint: ['node', '-e', SERVER],
});

/** One second: Compose waits at least this long, because an engine runs the first check after the interval. */
export const HEALTHCHECK = {
  test: ['CMD', 'bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${PORT}`],
  interval: '1s',
} as const;

/** A project of its own for lobbie or for Compose, with the same services. */
export interface BenchProject {
  /** Begins with the name of the run, so that it is removed with it. */
  readonly name: string;
  /** Arguments that both commands understand. */
  readonly argv: readonly string[];
}

/** Writes a project's Compose file. */
export async function writeProject(
  { directory, name }: Bench,
  owner: typeof LOBBIE | typeof COMPOSE,
  services: Readonly<Record<string, ServiceFile>>,
): Promise<BenchProject> {
  const file = join(directory, `${owner}.json`);
  await writeFile(file, JSON.stringify({ services }));
  return { name: name(owner), argv: ['-p', name(owner), '-f', file] };
}

/** The same project twice: lobbie's, and that of Compose if there is one. */
export interface Twins {
  readonly lobbie: BenchProject;
  readonly compose: BenchProject;
}

export const writeTwins = async (bench: Bench, services: Readonly<Record<string, ServiceFile>>): Promise<Twins> => ({
  lobbie: await writeProject(bench, LOBBIE, services),
  compose: await writeProject(bench, COMPOSE, services),
});
