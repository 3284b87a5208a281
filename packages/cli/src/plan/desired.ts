import type { ImageBuild, ImageTraits } from '../model/image.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import type { ReleaseId } from '../model/release.ts';

/** The desired state. Everything that depends on a clock, randomness or files is already a value here. */
export interface Desired {
  readonly project: Project;
  readonly release: ReleaseId;
  /** Hash of each service's container, see {@link specHash}. */
  readonly specHashes: Readonly<Record<string, string>>;
  /**
   * Hash of each container whose image is not built yet, assuming that the build gives the deployed image. Only in a
   * dry run, which builds nothing and so does not know.
   */
  readonly sameImageHashes?: Readonly<Record<string, string>>;
  /** Hash of each ingress's container, see {@link ingressSpecHash}. */
  readonly ingressSpecHashes: Readonly<Record<string, string>>;
  /** Services whose replicas are replaced even if nothing changed. */
  readonly recreate: readonly string[];
  /**
   * Services that may change. Others stay as they are, unless a rollout died and must be finished or undone. Absent:
   * all services.
   */
  readonly only?: readonly string[];
  /** The old directory of a history that moves. Absent: it does not move. */
  readonly historyFrom?: string;
  /** An old directory from an earlier move that was not cleared. */
  readonly leavesHistory?: string;
  /** Remove containers of services that the project no longer has. */
  readonly removeOrphans: boolean;
  /** What each service's image says about itself, by service name. */
  readonly traits: Readonly<Record<string, ImageTraits>>;
  /** How to build each image that must be built, by image name. */
  readonly builds: Readonly<Record<string, ImageBuild>>;
}

/** Steps of one service: those that can still be undone, and those after every service has passed. */
export interface ServiceSteps {
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
}
