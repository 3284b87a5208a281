import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readDockerfile } from '../engine/read-dockerfile.ts';
import { LobbieError, reworded } from '../model/errors.ts';
import type { IngressImageResult } from '../model/results.ts';
import { checkIngressImage } from '../rollout/images/check-ingress-image.ts';
import { ensureIngressImage, findIngressImage, loadedIngressImage } from '../rollout/images/ensure-ingress-image.ts';
import { archivedNames } from './archived-names.ts';
import type { CommandContext } from './context.ts';

/** The image that the next deploy uses for ingresses, and whether it is on the engine. */
export async function showIngressImage(context: CommandContext): Promise<IngressImageResult> {
  const { image, build } = await findIngressImage(context);
  return { type: 'ingress-image', outcome: build === undefined ? 'present' : 'missing', image };
}

/** The Dockerfile of that image, for users who build it themselves. */
export async function printIngressDockerfile({
  ingressBuild,
}: Pick<CommandContext, 'ingressBuild'>): Promise<IngressImageResult> {
  return { type: 'ingress-image', outcome: 'printed', text: (await readDockerfile(ingressBuild)).trimEnd() };
}

/**
 * Writes the ingress image of this version of lobbie to a file that `--load` reads on another engine. Builds the image
 * first if it is missing. The file appears only when it is complete.
 *
 * @throws LobbieError `INVALID_INPUT` if the file cannot be written
 */
export async function saveIngressImage(context: CommandContext, path: string): Promise<IngressImageResult> {
  const { engine, ingressBuild, signal, cwd } = context;
  const image = await ensureIngressImage(context, await findIngressImage(context));
  const name = await loadedIngressImage(ingressBuild);
  const file = resolve(cwd, path);
  const draft = `${file}.part`;
  if (image !== name) await engine.tagImage(image, name);
  try {
    await pipeline(await engine.saveImage(name, signal), createWriteStream(draft), { signal });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    signal.throwIfAborted();
    if (error instanceof LobbieError) throw error;
    throw new LobbieError('INVALID_INPUT', `Could not write ${file}: ${messageOf(error)}.`, { cause: error });
  } finally {
    // This engine uses the built image, which follows its base image.
    if (image !== name) await engine.removeImage(name);
  }
  return { type: 'ingress-image', outcome: 'saved', image, file };
}

/**
 * Loads a file that `--save` wrote. From then on, ingresses on this engine use this image, and none is built.
 *
 * @throws LobbieError `INVALID_INPUT` for any other file, before it is sent to the engine; `IMAGE_LOAD_FAILED`,
 * `INGRESS_IMAGE_UNFIT`
 */
export async function loadIngressImage(context: CommandContext, path: string): Promise<IngressImageResult> {
  const { engine, ingressBuild, signal, cwd } = context;
  const file = resolve(cwd, path);
  const image = await loadedIngressImage(ingressBuild);
  const names = await archivedNames(file);
  if (names.length !== 1 || names[0] !== image) throw otherArchive(file, names, image);
  const before = await engine.inspectImage(image);
  await engine.loadImage(createReadStream(file), signal).catch((error: unknown) => {
    if (!(error instanceof LobbieError) || error.code !== 'IMAGE_LOAD_FAILED') throw error;
    throw reworded(error, { message: `${file} is damaged. ${error.message}`, hint: SAVE_AGAIN });
  });
  try {
    await checkIngressImage(context, image, `The image in ${file}`);
  } catch (error) {
    await engine.removeImage(image);
    if (before !== undefined) await engine.tagImage(before.id, image);
    throw error;
  }
  return { type: 'ingress-image', outcome: 'loaded', image, file };
}

const SAVE_AGAIN =
  'Write it again with the same version of lobbie, on a machine that can build the image: lobbie ingress-image --save <file>';

const otherArchive = (file: string, names: readonly string[], wanted: string): LobbieError =>
  new LobbieError(
    'INVALID_INPUT',
    names.length === 1 && names[0]?.startsWith(wanted.replace(/-[^-]*$/, '-'))
      ? `${file} is from another version of lobbie: it contains ${names[0]}, and this version needs ${wanted}.`
      : `${file} was not written by \`lobbie ingress-image --save\`: it contains ${names.join(', ') || 'no image with a name'}.`,
    { hint: SAVE_AGAIN },
  );

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
