import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerSpec } from '../../src/model/container.ts';
import type { Engine } from '../../src/model/engine.ts';
import { TEST_IMAGE } from '../engine-available.ts';
import { runName } from '../run/run-name.ts';

/** An image that somebody else built, and the containers that somebody made from it; all gone after the test. */
export interface ForeignImage extends AsyncDisposable {
  readonly image: string;
  readonly id: string;
  /** Makes a container with no label of its own; gives its id. */
  container(name: string, start: boolean, spec?: Partial<ContainerSpec>): Promise<string>;
}

/** Builds an image with these labels, as `docker build` would. */
export async function foreignImage(engine: Engine, labels: Readonly<Record<string, string>>): Promise<ForeignImage> {
  const image = `${runName('posing')}:1`;
  const context = await mkdtemp(join(tmpdir(), 't-posing-'));
  const made: string[] = [];
  const lines = Object.entries(labels).map(([name, value]) => `LABEL ${name}="${value}"`);
  const build = { context, dockerfile: 'Dockerfile', dockerfileInline: [`FROM ${TEST_IMAGE}`, ...lines].join('\n') };
  await engine.buildImage({ ...build, args: {}, tags: [image] }, () => undefined, new AbortController().signal);
  await rm(context, { recursive: true });
  return {
    image,
    id: (await engine.inspectImage(image))?.id ?? '',
    async container(name, start, spec = {}) {
      const id = await engine.createContainer({
        name,
        image,
        labels: {},
        entrypoint: ['sleep', '3600'],
        command: [],
        networks: [],
        ...spec,
      });
      made.push(id);
      if (start) await engine.startContainer(id);
      return id;
    },
    async [Symbol.asyncDispose]() {
      for (const id of made) await engine.removeContainer(id, { force: true });
      await engine.removeImage(image);
    },
  };
}
