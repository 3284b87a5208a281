import type { ImageTraits } from '../model/image.ts';
import type { Service } from '../model/service.ts';

/** Paths that the image declares as volumes and where no mount stands instead. */
export const imageVolumes = ({ mounts }: Service, traits: Pick<ImageTraits, 'volumes'> | undefined): string[] =>
  (traits?.volumes ?? []).filter((path) => !mounts.some(({ target }) => bare(target) === bare(path)));

/** Whether its containers have volumes without a name, which only their successors can take over. */
export const hasAnonymousVolumes = (service: Service, traits: ImageTraits | undefined): boolean =>
  service.mounts.some((mount) => mount.kind === 'volume' && mount.source === undefined) ||
  imageVolumes(service, traits).length > 0;

/** A path without its final slash, and with single ones. */
const bare = (path: string): string =>
  `/${path
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`;
