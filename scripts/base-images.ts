import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE_IMAGES as OFFICIAL } from '../packages/cli/src/model/base-images.ts';
import { imageLabels, pullImage } from './engine-images.ts';
import { mergeEnvFile, readEnvFile } from './env-file.ts';
import { SetupError } from './setup-error.ts';
import { certificateBundle, makeDebianStandin, STANDIN_DEBIAN } from './standin-debian.ts';
import { makeNodeStandin, STANDIN_NODE } from './standin-node.ts';
import { STANDIN_LABEL, standinRecipe, standinVersions } from './standin-recipe.ts';

const BASE_IMAGES = [
  { variable: 'LOBBIE_DEBIAN_IMAGE', official: OFFICIAL.debian, standin: STANDIN_DEBIAN, make: makeDebianStandin },
  { variable: 'LOBBIE_NODE_IMAGE', official: OFFICIAL.node, standin: STANDIN_NODE, make: makeNodeStandin },
] as const;

type BaseImage = (typeof BASE_IMAGES)[number];

/**
 * Makes sure that the engine has the base images: those named in the environment or `.env`, else the official ones if a
 * registry answers, else stand-ins made here (on Debian, as root), which are then named in `.env`. Returns the
 * references in use.
 */
export async function ensureBaseImages(url: string, root: string): Promise<string[]> {
  const envFile = join(root, '.env');
  const written = existsSync(envFile) ? readFileSync(envFile, 'utf8') : '';
  const named: Record<string, string | undefined> = { ...readEnvFile(written), ...process.env };
  const recipe = standinRecipe(standinVersions(root), certificateBundle());

  const missing: BaseImage[] = [];
  const used: string[] = [];
  await Promise.all(
    BASE_IMAGES.map(async (base) => {
      const standin = reference(base);
      const wanted = named[base.variable] || base.official;
      const labels = await imageLabels(url, wanted);
      const outdated = wanted === standin && labels?.[STANDIN_LABEL] !== recipe;
      if (labels !== undefined && !outdated) used.push(wanted);
      else missing.push(base);
    }),
  );
  if (missing.length === 0) return used;

  const failures = await Promise.all(missing.map((base) => tryPull(url, base, named[base.variable])));
  const standins: Record<string, string> = {};
  for (const base of BASE_IMAGES) {
    const index = missing.indexOf(base);
    if (index < 0) continue;
    const failure = failures[index];
    if (failure === undefined) {
      used.push(named[base.variable] || base.official);
      continue;
    }
    assertStandinPossible(base, named[base.variable], failure);
    await standinFor(base, url, root, recipe);
    used.push(reference(base));
    standins[base.variable] = reference(base);
  }
  if (Object.keys(standins).length > 0) writeFileSync(envFile, mergeEnvFile(written, standins));
  return used;
}

const reference = ({ standin }: BaseImage): string => `${standin.name}:${standin.tag}`;

/** The reason why an image could not be pulled; undefined if it was pulled. */
async function tryPull(url: string, base: BaseImage, named: string | undefined): Promise<string | undefined> {
  if (named === reference(base)) return 'a stand-in is built, not pulled';
  return pullImage(url, named || base.official).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/**
 * The Node stand-in is always built on the Debian stand-in, even if the user named another Debian image for the
 * ingress.
 */
async function standinFor(base: BaseImage, url: string, root: string, recipe: string): Promise<void> {
  const present = async (image: BaseImage) => (await imageLabels(url, reference(image)))?.[STANDIN_LABEL] === recipe;
  const [debian] = BASE_IMAGES;
  if (base !== debian && !(await present(debian))) await debian.make(url, root, recipe);
  if (!(await present(base))) await base.make(url, root, recipe);
}

function assertStandinPossible(base: BaseImage, named: string | undefined, failure: string): void {
  if (named !== undefined && named !== '' && named !== reference(base)) {
    throw new SetupError(
      `${base.variable} names ${named}, which is not on the engine and cannot be pulled: ${failure}.`,
      `Load that image into the engine, or remove ${base.variable} from the environment and \`.env\`, then run this again.`,
    );
  }
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')) return;
  throw new SetupError(
    `The base image ${base.official} is not on the engine and cannot be pulled: ${failure}.`,
    `Give the engine access to a registry (\`docker pull ${base.official}\` must work), or set ${base.variable} to an image that is on the engine.`,
  );
}
