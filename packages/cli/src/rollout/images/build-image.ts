import type { ImageBuild, ImageProgress } from '../../model/image.ts';
import type { Surroundings } from '../given/surroundings.ts';

/** Builds an image, and reports its progress. */
export const buildImage = (
  needs: Pick<Surroundings, 'engine' | 'report' | 'clock' | 'signal'>,
  image: string,
  build: ImageBuild,
): Promise<void> =>
  tellImage(needs, image, 'build', (onProgress) => needs.engine.buildImage(build, onProgress, needs.signal));

/** Reports an image while it is built or pulled, and how long that took. */
export async function tellImage(
  { report, clock }: Pick<Surroundings, 'report' | 'clock'>,
  image: string,
  act: 'build' | 'pull',
  work: (onProgress: (progress: ImageProgress) => void) => Promise<void>,
): Promise<void> {
  const startedMs = clock.now();
  await work((progress) => report({ type: 'image-progress', timeMs: clock.now(), image, act, progress }));
  report({ type: 'image-done', timeMs: clock.now(), image, act, seconds: (clock.now() - startedMs) / 1000 });
}
