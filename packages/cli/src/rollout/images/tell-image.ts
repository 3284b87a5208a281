import type { ImageProgress } from '../../model/image.ts';
import type { Surroundings } from '../given/surroundings.ts';

/** Tells of an image while it is built or pulled, and how long that took. */
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
