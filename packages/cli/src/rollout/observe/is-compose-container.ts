import { imageLabels } from '../../ledger/image-labels.ts';
import type { ContainerSummary } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LABEL } from '../../model/names.ts';

const COMPOSE = 'com.docker.compose.';

/**
 * Whether `docker compose up` created a container for this project. Compose also labels images that it builds, and
 * their containers inherit these labels, so at least one label must be the container's own.
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
