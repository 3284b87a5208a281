import type { ImageBuild, ImageTraits } from '../model/image.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import type { ReleaseId } from '../model/release.ts';

/** What is wanted. All that depends on a clock, randomness or files was settled before and is a value here. */
export interface Desired {
  readonly project: Project;
  readonly release: ReleaseId;
  /** Hash of each service's container, see {@link specHash}. */
  readonly specHashes: Readonly<Record<string, string>>;
  /**
   * Hash of each container whose image is still to be built, should the build give the image that is deployed: a dry run
   * cannot know that, for it builds nothing.
   */
  readonly sameImageHashes?: Readonly<Record<string, string>>;
  /** Hash of each ingress's container, see {@link ingressSpecHash}. */
  readonly ingressSpecHashes: Readonly<Record<string, string>>;
  /** Services whose replicas are replaced though nothing changed. */
  readonly recreate: readonly string[];
  /**
   * Services that may change; the others stay as they are, unless a rollout died and has to be finished or undone.
   * Absent: all of them.
   */
  readonly only?: readonly string[];
  /** The directory that the history moves from, to that of the project. Absent: it stays where it is. */
  readonly historyFrom?: string;
  /** One that it has moved from before, and that was not cleared. */
  readonly leavesHistory?: string;
  /** Remove what runs for services that the project no longer has. */
  readonly removeOrphans: boolean;
  /** What each service's image says of itself, by service name. */
  readonly traits: Readonly<Record<string, ImageTraits>>;
  /** What to do for each image that has to be built, by its name. */
  readonly builds: Readonly<Record<string, ImageBuild>>;
}

/** Steps of one service: those that can still be undone, and those for when every service has passed. */
export interface ServiceSteps {
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
}
