import type { Build } from './build.ts';
import { plainPath } from './plain-path.ts';

export interface ImageDetails {
  readonly id: string;
  /** `uid:gid`, a name, or empty for root. */
  readonly user: string;
  /** TCP ports that it names. */
  readonly exposedPorts: readonly number[];
  /** Paths that it declares as volumes, as {@link volumePath} writes them. */
  readonly volumes: readonly string[];
  readonly hasHealthcheck: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** It has no file in it. */
  readonly empty: boolean;
}

/** What an image, built already or not, says of the containers made from it. */
export type ImageTraits = Pick<ImageDetails, 'exposedPorts' | 'volumes' | 'hasHealthcheck'>;

/**
 * The path of a `VOLUME` as the engine mounts it. An image keeps the path as its Dockerfile has it, such as `/data/`; a
 * container has its mount at `/data`.
 */
export const volumePath = (declared: string): string => plainPath(declared);

/** A {@link Build} with the tags and labels of its result. */
export interface ImageBuild extends Build {
  readonly tags: readonly string[];
}

/** Progress of a build, a pull or an upload. */
export interface ImageProgress {
  /** What happens now: an instruction, a layer. */
  readonly message: string;
  readonly current?: number;
  readonly total?: number;
}
