import { LobbieError, reworded } from '../../model/errors.ts';
import type { ImageDetails } from '../../model/image.ts';
import type { PullPolicy } from '../../model/service.ts';
import type { Surroundings } from '../given/surroundings.ts';
import { tellImage } from './build-image.ts';

export type Needs = Pick<Surroundings, 'engine' | 'clock' | 'report' | 'signal'>;

/** Finds images that are not built, and pulls them according to the policy, each once. */
export interface Pulls {
  ensure(image: string, policy: PullPolicy, platform?: string): Promise<ImageDetails>;
}

/**
 * @throws LobbieError `IMAGE_PULL_FAILED` if an image cannot be pulled, or is missing and must not be pulled
 */
export function pullsOf(needs: Needs): Pulls {
  const known = new Map<string, Promise<ImageDetails>>();
  return {
    ensure(image, policy, platform) {
      const key = JSON.stringify([image, policy, platform]);
      const asked = known.get(key) ?? ensurePulled(needs, image, policy, platform);
      known.set(key, asked);
      return asked;
    },
  };
}

async function ensurePulled(
  needs: Needs,
  image: string,
  policy: PullPolicy,
  platform: string | undefined,
): Promise<ImageDetails> {
  const { engine, signal } = needs;
  const existing = await engine.inspectImage(image);
  if (existing !== undefined && policy !== 'always') return existing;
  if (policy === 'never')
    throw new LobbieError('IMAGE_PULL_FAILED', `Image ${image} is not on the engine, and its pull policy is "never".`, {
      hint: `Pull it yourself: docker pull ${image}\nOr remove pull_policy from the service.`,
      facts: { image },
    });
  await tellImage(needs, image, 'pull', (onProgress) => engine.pullImage(image, onProgress, signal, platform));
  const pulled = await engine.inspectImage(image);
  if (pulled === undefined)
    throw new LobbieError('IMAGE_PULL_FAILED', `Image ${image} was pulled but is missing.`, {
      hint: 'Another program may be removing images. Try again.',
      facts: { image },
    });
  return pulled;
}

/** Adds to an error of {@link Pulls} what the image is for, and more advice. Returns any other error unchanged. */
export function pullFailureFor(error: unknown, purpose: string, advice?: string): unknown {
  if (!(error instanceof LobbieError) || error.code !== 'IMAGE_PULL_FAILED') return error;
  const { message, hint } = error;
  const hints = [hint, advice].filter((one) => one !== undefined);
  return reworded(error, {
    message: `${message} ${purpose}`,
    ...(hints.length > 0 && { hint: hints.join('\n') }),
  });
}
