import type { IngressState } from './ingress.ts';
import type { Origin } from './origin.ts';
import type { Project } from './project.ts';
import type { ReplicaId } from './service.ts';

/** Random, lower-case, unique within a project: `k3f9x2`. */
export type ReleaseId = string;

export type ReleaseOutcome = 'deployed' | 'failed-restored' | 'failed-not-restored' | 'interrupted' | 'down';

/** One deploy of a project, as the ledger keeps it. */
export interface Release {
  readonly id: ReleaseId;
  /** 1, 2, 3, … */
  readonly number: number;
  /** The command that made it: `deploy`, `recreate`, `scale`, `down`. */
  readonly command: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** Absent while it runs, or when its holder died. */
  readonly outcome?: ReleaseOutcome;
  readonly project: Project;
  /** Where it was deployed from; `recreate` and `scale` keep that of the deploy. Absent in ledgers of older versions. */
  readonly origin?: Origin;
  /** Image id by service. */
  readonly images: Readonly<Record<string, string>>;
  /** Ids of its containers, whichever release made them; written with the commit. */
  readonly containers?: readonly string[];
  /** Ids of those that had done their work, with exit status 0, when it was committed. Absent in ledgers of older versions. */
  readonly completed?: readonly string[];
  /**
   * How long the last changes of hands of each stop-first service took, in milliseconds, the latest first and at most
   * three; one number in ledgers of older versions.
   */
  readonly pausesMs?: Readonly<Record<string, number | readonly number[]>>;
  /** How long the last replica of each service took from its start until it was proven to work, in milliseconds. */
  readonly readyMs?: Readonly<Record<string, number>>;
}

/** One container that ran, as the ledger keeps it: written before it starts, and again when it is seen to have ended. */
export interface ContainerRecord {
  readonly id: string;
  readonly name: string;
  readonly replica: ReplicaId;
  readonly release: ReleaseId;
  readonly image: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly exitCode?: number;
  /** It was removed before it ever started: the history leaves it out. */
  readonly neverRan?: true;
  /** The file that it made, as it answered at the service's report path. */
  readonly file?: string;
  /** What else it answered there. */
  readonly answer?: string;
}

/** What the ledger says of the present; read with every command, written with every change. */
export interface LedgerState {
  /** The last release that was deployed; null before the first and after `down`. */
  readonly current: Release | null;
  /** The release that is being rolled out, or whose holder died on the way. */
  readonly running: Release | null;
  /** How many releases there have been. */
  readonly releases: number;
  /** Where the history was last kept. */
  readonly history: string | null;
  /** The directory that the history has moved from, until what was copied is removed there. */
  readonly leaving: string | null;
  /** Names of the external volumes of the release that `down` ended: nothing else says so then. */
  readonly externalVolumes?: readonly string[];
  /** Records, by name, of the containers that have not ended as far as is known. */
  readonly containers: Readonly<Record<string, ContainerRecord>>;
  /**
   * By container id, what each ingress is told once the last deploy has cleaned up; empty where that is not known. It
   * spares a look at each one's disk, which alone decides while a release runs.
   */
  readonly ingresses: Readonly<Record<string, IngressState>>;
  /** Id of the image that ingresses, leases and clean-ups ran last; null before the first release. */
  readonly ingressImage: string | null;
}
