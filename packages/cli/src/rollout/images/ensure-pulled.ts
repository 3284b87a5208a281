import { LobbieError, reworded } from '../../model/errors.ts';
import type { ImageDetails } from '../../model/image.ts';
import type { PullPolicy } from '../../model/service.ts';
import type { Surroundings } from '../given/surroundings.ts';
import { tellImage } from './build-image.ts';

export type Needs = Pick<Surroundings, 'engine' | 'clock' | 'report' | 'signal'>;

/** Gives images that are not built, pulling where the policy says so: each once, however many services run it. */
export interface Pulls {
  ensure(image: string, policy: PullPolicy, platform?: string): Promise<ImageDetails>;
}

/**
 * @throws LobbieError `IMAGE_PULL_FAILED` where an image cannot be had, or is missing and never to be pulled
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
    throw new LobbieError('IMAGE_PULL_FAILED', `Image ${image} is not on the engine, and is never to be pulled.`, {
      hint: `Pull it yourself: docker pull ${image}\nOr take pull_policy out of the service.`,
      facts: { image },
    });
  await tellImage(needs, image, 'pull', (onProgress) => engine.pullImage(image, onProgress, signal, platform));
  const pulled = await engine.inspectImage(image);
  if (pulled === undefined)
    throw new LobbieError('IMAGE_PULL_FAILED', `Image ${image} was pulled and is not there.`, {
      hint: 'Is another program removing images? Try again.',
      facts: { image },
    });
  return pulled;
}

/** An error of {@link Pulls} with a sentence on what the image is for, and further advice; any other as it is. */
export function pullFailureFor(error: unknown, purpose: string, advice?: string): unknown {
  if (!(error instanceof LobbieError) || error.code !== 'IMAGE_PULL_FAILED') return error;
  const { message, hint } = error;
  const hints = [hint, advice].filter((one) => one !== undefined);
  return reworded(error, {
    message: `${message} ${purpose}`,
    ...(hints.length > 0 && { hint: hints.join('\n') }),
  });
}
