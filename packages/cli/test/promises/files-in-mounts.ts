import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import type { Engine } from '../../src/model/engine.ts';
import { isAnonymous } from '../../src/model/mount.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Run } from '../cli/run-lobbie.ts';
import type { TestPlace } from '../cli/test-place.ts';

export const VALUE = 'sentinel-51c0ffee-value';
export const ENV = { VALUE };

/** A service that does nothing, of an image with links, a volume and a user of its own. */
const compose = (service: string, top: string): string => `
services:
  web:
    build:
      context: ./image
      dockerfile_inline: |
        FROM ${process.env.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node}
        RUN mkdir -p /etc/app /data /of-image && ln -s ../data /etc/link && ln -s /etc/link /etc/far
        VOLUME /of-image
        USER node
    init: true
    stop_grace_period: 1s
    command: [sh, -c, "\${COMMAND:-sleep infinity}"]
    deploy: { update_config: { monitor: 300ms } }
${service.replace(/^/gm, '    ')}
${top}
`;

/** Writes the Compose file of a place. */
export function write({ path }: TestPlace, service: string, top: string): void {
  mkdirSync(join(path, 'image'));
  writeFileSync(join(path, 'compose.yaml'), compose(service.trim(), top));
}

/** Makes a directory with a file that belongs to somebody; gives what tells of each file whether it is as it was. */
export function directory({ path }: TestPlace, name: string): () => Record<string, string> {
  const place = join(path, name);
  if (!existsSync(place)) {
    mkdirSync(place);
    const file = join(place, 'site.conf');
    writeFileSync(file, 'mine');
    chmodSync(file, 0o640);
    if (process.getuid?.() === 0) chownSync(file, 1234, 1235);
  }
  return () =>
    Object.fromEntries(
      readdirSync(place).map((entry) => {
        const { mode, uid, gid, size } = statSync(join(place, entry));
        const text = `${readFileSync(join(place, entry), 'utf8')} ${mode.toString(8)} ${uid}:${gid}`;
        return [entry, size === 0 ? 'empty' : text];
      }),
    );
}

/** Id of the one replica that runs. */
export async function running(engine: Engine, { project }: TestPlace): Promise<string> {
  const replicas = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' });
  const ids = replicas.filter(({ state }) => state === 'running').map(({ id }) => id);
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

/** Takes a place down, and then removes the anonymous volumes that `down` keeps. */
export async function takeDown(engine: Engine, place: TestPlace): Promise<Run> {
  const found = await engine.inspectContainer(await running(engine, place));
  const run = await place.lobbie('down', ENV);
  for (const { name } of found?.volumes ?? []) if (isAnonymous(name)) await engine.removeVolume(name);
  return run;
}

/** Runs a line as the container's own user. */
export async function inside(engine: Engine, container: string, line: string): Promise<string> {
  const { output } = await engine.exec(container, ['sh', '-c', line]);
  return output.trim();
}

/** A line that tells of files their content, owner and mode. */
export const show = (...paths: string[]): string =>
  paths.map((path) => `echo -n "$(cat ${path}) $(stat -c '%u:%g %a' ${path}) "`).join('; ');

/** The volumes of the project that hold a text anywhere. */
export async function volumesWith(engine: Engine, { project }: TestPlace, text: string): Promise<string[]> {
  const volumes = (await engine.listVolumes({})).filter(({ name }) => name.includes(project));
  if (volumes.length === 0) return [];
  const id = await engine.createContainer({
    name: `${project}-look`,
    image: process.env.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node,
    labels: {},
    networks: [],
    mounts: volumes.map(({ name }) => ({
      kind: 'volume',
      source: name,
      target: `/look/${name}`,
      readOnly: false,
      noCopy: true,
    })),
  });
  try {
    const found = new Set<string>();
    for await (const { name, content } of engine.readFiles(id, '/look', { mostBytes: 1024 * 1024 }))
      if (content?.includes(text)) found.add(name.split('/')[0] ?? '');
    return [...found];
  } finally {
    await engine.removeContainer(id, { force: true });
  }
}
