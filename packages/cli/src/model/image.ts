import type { Build } from './build.ts';

export interface ImageDetails {
  readonly id: string;
  /** `uid:gid`, a name, or empty for root. */
  readonly user: string;
  /** TCP ports that it names. */
  readonly exposedPorts: readonly number[];
  /** Paths that it declares as volumes. */
  readonly volumes: readonly string[];
  readonly hasHealthcheck: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** It has no file in it. */
  readonly empty: boolean;
}

/** What an image, built already or not, says of the containers made from it. */
export type ImageTraits = Pick<ImageDetails, 'exposedPorts' | 'volumes' | 'hasHealthcheck'>;

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
