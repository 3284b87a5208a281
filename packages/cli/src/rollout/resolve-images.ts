import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { baseImages } from '../engine/base-images.ts';
import { contextHash } from '../engine/context-hash.ts';
import type { ImageBuild } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL } from '../model/names.ts';
import type { Build, Project } from '../model/project.ts';
import type { Surroundings } from './context.ts';
import { fingerprintArgs } from './fingerprint-args.ts';
import { tellImage } from './tell-image.ts';

export interface ResolvedImages {
  /** The project with each built image's tag set to the hash of its content. */
  readonly project: Project;
  /** Id by reference, of those that are there. */
  readonly images: Readonly<Record<string, string>>;
  /** How to make those that may be missing. */
  readonly builds: Readonly<Record<string, ImageBuild>>;
}

type Needs = Pick<Surroundings, 'engine' | 'clock' | 'report' | 'signal'>;

/**
 * Settles which image each service runs. What is built gets a tag from the hash of its content and its base images'
 * ids, so that unchanged content is neither sent nor built again. Images that are missing are pulled, bases first.
 *
 * @param asDeployed the project comes from the ledger: its built images are taken as they are, never built
 * @param key of the ledger, for fingerprints of secret build args
 */
export async function resolveImages(
  needs: Needs,
  project: Project,
  asDeployed: boolean,
  key: string,
): Promise<ResolvedImages> {
  const resolved = await Promise.all(
    project.services.map(async (service) => {
      if (service.build !== undefined && asDeployed)
        return { service, id: await builtId(needs, service.image), build: undefined };
      if (service.build === undefined)
        return { service, id: await ensurePulled(needs, service.image), build: undefined };
      const labels = { [LABEL.project]: project.name, [LABEL.role]: 'image' };
      const build = await resolveBuild(needs, service.image, service.build, labels, key);
      return { service: { ...service, image: build.image }, id: build.id, build: build.build };
    }),
  );
  return {
    project: { ...project, services: resolved.map(({ service }) => service) },
    images: Object.fromEntries(resolved.flatMap(({ service, id }) => (id === undefined ? [] : [[service.image, id]]))),
    builds: Object.fromEntries(
      resolved.flatMap(({ service, build }) => (build === undefined ? [] : [[service.image, build]])),
    ),
  };
}

/**
 * Tag of one build's result and its id, if it is there already.
 *
 * @param repository name of the image, without a tag
 * @param key for fingerprints of secret args; needed where there are any
 */
export async function resolveBuild(
  needs: Needs,
  repository: string,
  build: Build,
  labels: Readonly<Record<string, string>>,
  key = '',
): Promise<{ image: string; id: string | undefined; build: ImageBuild }> {
  const dockerfile = await readDockerfile(build);
  const bases = baseImages(dockerfile, build.args, build.target);
  const ids = await Promise.all(bases.map((base) => ensurePulled(needs, base)));
  const args = fingerprintArgs(build.args, key);
  const image = `${repository}:${await contextHash({ ...build, args }, ids)}`;
  const existing = await needs.engine.inspectImage(image);
  return { image, id: existing?.id, build: { ...build, tags: [image], labels } };
}

async function builtId({ engine }: Needs, image: string): Promise<string> {
  const existing = await engine.inspectImage(image);
  if (existing !== undefined) return existing.id;
  throw new LobbieError('IMAGE_BUILD_FAILED', `Image ${image} of the deployed release is no longer on the engine.`, {
    hint: 'Run `lobbie deploy`: it builds the image again.',
  });
}

async function ensurePulled(needs: Needs, image: string): Promise<string> {
  const { engine, signal } = needs;
  const existing = await engine.inspectImage(image);
  if (existing !== undefined) return existing.id;
  await tellImage(needs, image, 'pull', (onProgress) => engine.pullImage(image, onProgress, signal));
  const pulled = await engine.inspectImage(image);
  if (pulled === undefined)
    throw new LobbieError('IMAGE_PULL_FAILED', `Image ${image} was pulled and is not there.`, {
      hint: 'Is another program removing images? Try again.',
    });
  return pulled.id;
}

async function readDockerfile({ context, dockerfile }: Build): Promise<string> {
  const path = resolve(context, dockerfile);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new LobbieError('INVALID_INPUT', `The Dockerfile ${path} cannot be read.`, {
      hint: 'Check the path of the build context and of its Dockerfile.',
      cause,
    });
  }
}
