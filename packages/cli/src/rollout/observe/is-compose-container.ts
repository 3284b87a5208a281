import { imageLabels } from '../../ledger/image-labels.ts';
import type { ContainerSummary } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LABEL } from '../../model/names.ts';

const COMPOSE = 'com.docker.compose.';

/**
 * Whether `docker compose up` made a container for this project. Compose labels the images that it builds too, and
 * their containers inherit that: so at least one of the labels has to be the container's own.
 */
export async function isComposeContainer(
  engine: Engine,
  project: string,
  { labels, imageId }: Pick<ContainerSummary, 'labels' | 'imageId'>,
): Promise<boolean> {
  if (labels[`${COMPOSE}project`] !== project || LABEL.project in labels) return false;
  const inherited = await imageLabels(engine, imageId);
  if (inherited === undefined) return false;
  return Object.entries(labels).some(([label, value]) => label.startsWith(COMPOSE) && inherited[label] !== value);
}
