import { createHmac } from 'node:crypto';
import { contextHash } from '../../engine/context-hash.ts';
import { readDockerfile } from '../../engine/read-dockerfile.ts';
import type { Build } from '../../model/build.ts';
import type { ImageBuild, ImageDetails, ImageTraits } from '../../model/image.ts';
import { isSecret } from '../../model/secrets.ts';
import type { Surroundings } from '../given/surroundings.ts';
import { baseImages } from './base-images.ts';
import { dockerfileTraits } from './dockerfile-traits.ts';
import type { Pulls } from './ensure-pulled.ts';

export interface ResolvedBuild {
  /** The tag of the result. */
  readonly image: string;
  /** The result, if it already exists. */
  readonly existing: ImageDetails | undefined;
  readonly build: ImageBuild;
  /** What the result says, or will say, about itself. */
  readonly traits: ImageTraits;
}

export interface BuildOptions {
  readonly labels: Readonly<Record<string, string>>;
  /** Key of the ledger, for fingerprints of secret args. Required if there are any. */
  readonly key?: string;
  /** Pull newer base images. */
  readonly pull?: boolean;
  /** Additional names for the result. */
  readonly tags?: readonly string[];
}

/**
 * Decides the result of a build: its tag is the hash of its content and of its base images' ids, so that unchanged
 * content is neither sent nor built again. Pulls missing base images.
 *
 * @param name of the image; the hash replaces its tag
 */
export async function resolveBuild(
  { engine }: Pick<Surroundings, 'engine'>,
  pulls: Pulls,
  name: string,
  build: Build,
  { labels, key = '', pull = build.pull === true, tags = [] }: BuildOptions,
): Promise<ResolvedBuild> {
  const text = await readDockerfile(build);
  const bases = baseImages(text, build.args, build.target);
  const policy = pull ? 'always' : 'missing';
  const found = await Promise.all(
    bases.map(async (base) => [base, await pulls.ensure(base, policy, build.platform)] as const),
  );
  const args = fingerprintArgs(build.args, key);
  const hash = await contextHash(
    { ...build, args },
    found.map(([, { id }]) => id),
  );
  const image = `${repositoryOf(name)}:${hash}`;
  const existing = await engine.inspectImage(image);
  return {
    image,
    existing,
    build: {
      ...build,
      tags: [...new Set([image, ...tags, ...(build.tags ?? [])])],
      labels: { ...build.labels, ...labels },
    },
    traits: existing ?? dockerfileTraits(text, build.args, build.target, (base) => new Map(found).get(base)),
  };
}

/** The name of an image without tag and digest. */
const repositoryOf = (image: string): string => (image.split('@', 1)[0] ?? '').replace(/:[^:/]*$/, '');

/**
 * Build args with secret values replaced by a fingerprint, for the hash in an image's tag: from a plain hash a short
 * secret could be guessed.
 *
 * @param key of the ledger
 */
const fingerprintArgs = (args: Build['args'], key: string): Build['args'] =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      isSecret(name, value) ? createHmac('sha256', key).update(value).digest('hex') : value,
    ]),
  );
