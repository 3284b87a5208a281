import type { Engine } from '../../src/model/engine.ts';
import { askEngine } from '../promises/ask-engine.ts';

/** Removes every image that was built for a project of a test: what is tagged with its name, or carries its label. */
export async function removeImagesOf(engine: Engine, project: string): Promise<void> {
  // The cast: a list of the Engine's API, as its reference describes it.
  const images = (await askEngine(engine, '/images/json')) as {
    Id: string;
    RepoTags: string[] | null;
    Labels: Record<string, string> | null;
  }[];
  for (const { Id, RepoTags, Labels } of images) {
    const own = (RepoTags ?? []).filter((tag) => tag.startsWith(project));
    const references = own.length === 0 && Object.values(Labels ?? {}).includes(project) ? [Id] : own;
    // Another test may have built the same and use it.
    for (const reference of references) await engine.removeImage(reference).catch(() => undefined);
  }
}
