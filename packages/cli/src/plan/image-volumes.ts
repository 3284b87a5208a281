import type { ImageTraits } from '../model/image.ts';
import type { Service } from '../model/service.ts';

/** Paths that the image declares as volumes and that have no other mount. */
export const imageVolumes = ({ mounts }: Service, traits: Pick<ImageTraits, 'volumes'> | undefined): string[] =>
  (traits?.volumes ?? []).filter((path) => !mounts.some(({ target }) => bare(target) === bare(path)));

/** Whether its containers have anonymous volumes, which only their successors can inherit. */
export const hasAnonymousVolumes = (service: Service, traits: ImageTraits | undefined): boolean =>
  service.mounts.some((mount) => mount.kind === 'volume' && mount.source === undefined) ||
  imageVolumes(service, traits).length > 0;

/** A path without a trailing slash and repeated slashes. */
const bare = (path: string): string =>
  `/${path
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`;
