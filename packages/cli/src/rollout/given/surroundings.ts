import type { Clock } from '../../model/clock.ts';
import type { Engine } from '../../model/engine.ts';
import type { Report } from '../../model/events.ts';
import type { ImageBuild } from '../../model/image.ts';
import type { ReleaseId } from '../../model/release.ts';
import type { SecretMask } from '../../model/secret-mask.ts';

/** The engine and everything else that a command gets from the process. */
export interface Surroundings {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly report: Report;
  /** Aborts with a LobbieError (`INTERRUPTED`, `TERMINATED`) when the user ends the command. */
  readonly signal: AbortSignal;
  /** Masks what is printed. Code that reads a project lets it learn the project's secrets. */
  readonly secrets: SecretMask;
  /** A fresh release id. */
  readonly newRelease: () => ReleaseId;
  /** Who runs this, for the lease: `user@host, lobbie deploy`. */
  readonly holder: string;
  /** The ingress image's Dockerfile and its base. */
  readonly ingressBuild: Pick<ImageBuild, 'context' | 'dockerfile' | 'args'>;
  /** LOBBIE_INGRESS_IMAGE: used as it is, instead of one that is built. */
  readonly namedIngressImage?: string;
  /** Replaces the deadline of every gate, in milliseconds. */
  readonly gateTimeoutMs?: number;
}
