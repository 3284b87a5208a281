import { posix } from 'node:path';
import { defined } from '../../model/defined.ts';
import type { ServiceFile } from '../../model/service.ts';
import type { FileObjectConfig } from '../compose-config.ts';
import type { FileReference } from '../config-parts.ts';
import type { ServiceConfig } from '../service-config.ts';
import { whyUnreadable } from '../why-unreadable.ts';
import type { Reading } from './reading.ts';

/** The engine receives them in one request. Larger files are not configuration. */
const MOST_BYTES = 1024 * 1024;

/** Configs and secrets of a service with their contents. Reports those that cannot be read, only by name. */
export async function filesOf(reading: Reading, path: string, service: ServiceConfig): Promise<ServiceFile[]> {
  const files = await Promise.all([
    ...(service.configs ?? []).map((one, index) => fileOf(reading, 'config', `${path}.configs[${index}]`, one)),
    ...(service.secrets ?? []).map((one, index) => fileOf(reading, 'secret', `${path}.secrets[${index}]`, one)),
  ]);
  return files.filter((file) => file !== undefined);
}

async function fileOf(
  reading: Reading,
  kind: ServiceFile['kind'],
  path: string,
  { source, target, uid, gid, mode }: FileReference,
): Promise<ServiceFile | undefined> {
  // An undefined name was reported when the file was checked.
  const object = reading.config[`${kind}s`]?.[source];
  if (object === undefined) return undefined;
  const base = kind === 'secret' ? '/run/secrets' : '/';
  const content = await contentOf(reading, `${kind}s.${source}`, kind, object);
  const owner = { uid: idOf(reading, `${path}.uid`, uid), gid: idOf(reading, `${path}.gid`, gid) };
  if (content === undefined) return undefined;
  return {
    kind,
    name: source,
    target: posix.resolve(base, target ?? source),
    content: content.toString('base64'),
    ...defined({
      ...owner,
      mode: mode === undefined ? undefined : Number.parseInt(mode, 8),
      // Another machine's engine cannot mount this machine's files.
      source: reading.local ? object.file : undefined,
    }),
  };
}

async function contentOf(
  reading: Reading,
  path: string,
  kind: ServiceFile['kind'],
  { file, environment, content, external }: FileObjectConfig,
): Promise<Buffer | undefined> {
  const { problem } = reading;
  if (content !== undefined) return Buffer.from(content);
  if (environment !== undefined) {
    const value = [reading.environment, reading.keptValues.get(path)]
      .map((values) => (values !== undefined && Object.hasOwn(values, environment) ? values[environment] : undefined))
      .find((one) => one !== undefined);
    if (value === undefined)
      problem(`${path}.environment`, `the variable ${environment} is not set`, `Set it where you deploy, or in .env.`);
    return value === undefined ? undefined : Buffer.from(value);
  }
  if (file !== undefined) return readSource(reading, `${path}.file`, kind, file);
  if (external === true) problem(path, `external ${kind}s need Swarm`, `Set its source: \`file\` or \`environment\`.`);
  return undefined;
}

async function readSource(
  { readFile, problem }: Reading,
  path: string,
  kind: ServiceFile['kind'],
  file: string,
): Promise<Buffer | undefined> {
  try {
    const content = await readFile(file);
    if (content.length <= MOST_BYTES) return content;
    problem(
      path,
      `${file} has ${content.length} bytes, but a ${kind} can have at most ${MOST_BYTES}`,
      'Mount it as a volume.',
    );
  } catch (error) {
    const isDirectory = error instanceof Error && 'code' in error && error.code === 'EISDIR';
    problem(path, whyUnreadable(file, error), isDirectory ? 'Mount it as a volume.' : undefined);
  }
  return undefined;
}

/** The engine's archives contain only numbers; names are known only inside the image. */
function idOf({ problem }: Reading, path: string, id: string | undefined): number | undefined {
  if (id === undefined) return undefined;
  if (/^\d{1,10}$/.test(id)) return Number(id);
  problem(path, `expected a number, got "${id}"`, 'Names are known only inside the image: use the id.');
  return undefined;
}
