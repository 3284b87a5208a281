import type { Build } from './build.ts';
import { plainPath } from './plain-path.ts';

export interface ImageDetails {
  readonly id: string;
  /** `uid:gid`, a name, or empty for root. */
  readonly user: string;
  /** TCP ports that the image exposes. */
  readonly exposedPorts: readonly number[];
  /** Paths that the image declares as volumes, as {@link volumePath} writes them. */
  readonly volumes: readonly string[];
  readonly hasHealthcheck: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the image contains no files. */
  readonly empty: boolean;
}

/** What an image, built or not yet, says about its containers. */
export type ImageTraits = Pick<ImageDetails, 'exposedPorts' | 'volumes' | 'hasHealthcheck'>;

/**
 * The path of a `VOLUME` as the engine mounts it. An image keeps the path as written in its Dockerfile, such as
 * `/data/`; the container's mount is at `/data`.
 */
export const volumePath = (declared: string): string => plainPath(declared);

/** A {@link Build} with tags and labels for its result. */
export interface ImageBuild extends Build {
  readonly tags: readonly string[];
}

/** Progress of a build, a pull or an upload. */
export interface ImageProgress {
  /** The current instruction or layer. */
  readonly message: string;
  readonly current?: number;
  readonly total?: number;
}
