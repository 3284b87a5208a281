import type { Ledger } from '../../ledger/ledger.ts';
import type { Origin } from '../../model/origin.ts';
import type { Project } from '../../model/project.ts';

/** The options of the command line about images. */
export interface ImageOptions {
  /** `always`: even if the result exists; `never`: not even if it is missing; `later`: a step of the plan builds it. */
  readonly build?: 'always' | 'never' | 'later';
  /** Overrides the services; `always` also looks for newer base images. */
  readonly pull?: 'always' | 'missing' | 'never';
}

/** What a command wants done. */
export interface RolloutRequest {
  readonly project: Project;
  /** `deploy`, `recreate`, `scale`: for the ledger. */
  readonly command: string;
  /** Services whose replicas are replaced even if nothing changed. */
  readonly recreate: readonly string[];
  /** The project comes from the ledger: nothing is built. */
  readonly asDeployed: boolean;
  /** Services that may change, as may those that they depend on. Absent: all services. */
  readonly only?: readonly string[];
  /** Remove containers of services that the project no longer has. */
  readonly removeOrphans?: boolean;
  /** The options of the command line about building and pulling. */
  readonly images?: ImageOptions;
  /** Where it is deployed from. Absent: the origin in the ledger stays. */
  readonly origin?: Origin;
  /** It may be taken over from another origin. */
  readonly takeOver?: boolean;
  /** The ledger, if the command has just read it. */
  readonly ledger?: Ledger;
}
