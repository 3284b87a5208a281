import type { Ledger } from '../../ledger/ledger.ts';
import type { Origin } from '../../model/origin.ts';
import type { Project } from '../../model/project.ts';

/** What the command line says of images. */
export interface ImageOptions {
  /** `always`: even where the result is there already; `never`: not even where it is missing; `later`: left to a plan. */
  readonly build?: 'always' | 'never' | 'later';
  /** Before what the services say; `always` looks for newer base images too. */
  readonly pull?: 'always' | 'missing' | 'never';
}

/** What a command wants done. */
export interface RolloutRequest {
  readonly project: Project;
  /** `deploy`, `recreate`, `scale`: for the ledger. */
  readonly command: string;
  /** Services whose replicas are replaced though nothing changed. */
  readonly recreate: readonly string[];
  /** The project comes from the ledger: nothing is built. */
  readonly asDeployed: boolean;
  /** Services that may change, and those they depend on; absent: all of them. */
  readonly only?: readonly string[];
  /** Remove what runs for services that the project no longer has. */
  readonly removeOrphans?: boolean;
  /** What the command line says of building and pulling. */
  readonly images?: ImageOptions;
  /** Where it is deployed from; absent: what is deployed keeps the place it has. */
  readonly origin?: Origin;
  /** It may be taken over from wherever it was deployed from. */
  readonly takeOver?: boolean;
  /** As it was read a moment ago; absent: it is read. */
  readonly ledger?: Ledger;
}
