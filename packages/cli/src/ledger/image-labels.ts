import type { Engine } from '../model/engine.ts';

type Labels = Readonly<Record<string, string>>;

/** Images never change, so each one is inspected once. */
const known = new WeakMap<Engine, Map<string, Promise<Labels | undefined>>>();

/** The labels of an image, by its id; undefined when it is gone. */
export function imageLabels(engine: Engine, imageId: string): Promise<Labels | undefined> {
  const images = known.get(engine) ?? new Map<string, Promise<Labels | undefined>>();
  known.set(engine, images);
  const asked = images.get(imageId) ?? ask(engine, imageId);
  images.set(imageId, asked);
  // A failed request is tried again next time.
  asked.catch(() => images.delete(imageId));
  return asked;
}

const ask = async (engine: Engine, imageId: string): Promise<Labels | undefined> =>
  (await engine.inspectImage(imageId))?.labels;
