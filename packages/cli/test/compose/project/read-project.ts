import type { problemAt } from '../../../src/compose/problem.ts';
import { type ReadProject, type ToProjectOptions, toProject } from '../../../src/compose/project/to-project.ts';
import { loadCompose } from '../../../src/compose/read/load-compose.ts';
import type { Service } from '../../../src/model/service.ts';

export interface ReadOptions extends Partial<ToProjectOptions> {
  readonly env?: Readonly<Record<string, string>>;
  /** Contents by absolute path, in addition to the Compose file. */
  readonly files?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
}

/** The project of a Compose file at /srv/shop/compose.yaml; fails if the loader reports problems. */
export async function readProject(yaml: string, options: ReadOptions = {}): Promise<ReadProject> {
  const { env = {}, files = {}, profiles = [], ...rest } = options;
  const texts = new Map(Object.entries({ '/srv/shop/compose.yaml': yaml, ...files }));
  const read = async (path: string): Promise<string> => {
    const text = texts.get(path);
    if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return text;
  };
  const cwd = '/srv/shop';
  const loaded = await loadCompose({ cwd, files: ['/srv/shop/compose.yaml'], env, profiles, readFile: read });
  const said = [...loaded.problems, ...loaded.blockers];
  if (said.length > 0) throw new Error(said.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  const readDirectory = async (path: string): Promise<string[]> => {
    const inside = [...texts.keys()].filter((name) => name.startsWith(`${path}/`));
    if (inside.length === 0) throw Object.assign(new Error(path), { code: 'ENOTDIR' });
    return [...new Set(inside.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''))];
  };
  const readFile = async (path: string): Promise<Buffer> => Buffer.from(await read(path));
  return toProject(loaded, { local: true, readFile, readDirectory, ...rest });
}

/** The service `web` of a file with only these keys. */
export async function readService(yaml: string, options: ReadOptions = {}): Promise<Service> {
  const indented = yaml.trim().replaceAll('\n', '\n    ');
  const { project, problems } = await readProject(`services:\n  web:\n    image: web:1\n    ${indented}\n`, options);
  if (problems.length > 0) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  const [web] = project.services;
  if (web === undefined) throw new Error('there is no service');
  return web;
}

/** Problems as lines: `services.web.ports[0]: …`. */
export const told = (problems: readonly Pick<ReturnType<typeof problemAt>, 'path' | 'message'>[]): string[] =>
  problems.map(({ path, message }) => `${path}: ${message}`);
