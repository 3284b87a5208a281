import { type LoadedCompose, type LoadOptions, loadCompose } from '../../src/compose/read/load-compose.ts';
import type { ServiceConfig } from '../../src/compose/service-config.ts';

/** Reads Compose files from memory, by their absolute paths; a single text is /app/compose.yaml. */
export function loadFrom(
  files: string | Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<LoadedCompose> {
  const texts = typeof files === 'string' ? { '/app/compose.yaml': files } : files;
  const [first = ''] = Object.keys(texts);
  return loadCompose({
    cwd: '/app',
    files: [first],
    env: {},
    readFile: async (path) => {
      const text = Object.entries(texts).find(([file]) => file === path)?.[1];
      if (text === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
      return text;
    },
    ...options,
  });
}

/** The service `a` of a file with only these keys; fails if the file has a problem. */
export async function serviceOf(keys: string, options: Partial<LoadOptions> = {}): Promise<ServiceConfig> {
  const { config, problems } = await loadFrom(`services:\n  a:\n    image: x\n${indented(keys)}`, options);
  const service = config.services.a;
  if (problems.length > 0 || service === undefined) throw new Error(problemLines({ problems }).join('\n'));
  return service;
}

/** `compose.yaml:3:5 services.a.ports: what is wrong` */
export const problemLines = ({ problems }: Pick<LoadedCompose, 'problems'>): string[] =>
  problems.map(({ file = '', line, column, path, message }) => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    return `${name}${line === undefined ? '' : `:${line}:${column}`} ${path}: ${message}`;
  });

const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');
