import type { IngressState } from './ingress.ts';
import type { Origin } from './origin.ts';
import type { Project } from './project.ts';
import type { ReplicaId } from './service.ts';

/** Random, lower-case, unique within a project: `k3f9x2`. */
export type ReleaseId = string;

export type ReleaseOutcome = 'deployed' | 'failed-restored' | 'failed-not-restored' | 'interrupted' | 'down';

/** One deploy of a project, as stored in the ledger. */
export interface Release {
  readonly id: ReleaseId;
  /** 1, 2, 3, … */
  readonly number: number;
  /** The command that created it: `deploy`, `recreate`, `scale`, `down`. */
  readonly command: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** Absent while it runs, or if its holder died. */
  readonly outcome?: ReleaseOutcome;
  readonly project: Project;
  /**
   * Where it was deployed from. `recreate` and `scale` keep the origin of the deploy. Absent in ledgers of older
   * versions.
   */
  readonly origin?: Origin;
  /** Image id by service. */
  readonly images: Readonly<Record<string, string>>;
  /** Ids of its containers, even if an earlier release created them; written with the commit. */
  readonly containers?: readonly string[];
  /** Ids of containers that had ended with exit status 0 at the commit. Absent in ledgers of older versions. */
  readonly completed?: readonly string[];
  /**
   * How long each stop-first service paused in its last replacements, in milliseconds, the latest first, at most three.
   * A single number in ledgers of older versions.
   */
  readonly pausesMs?: Readonly<Record<string, number | readonly number[]>>;
  /** How long the last replica of each service took from its start until it passed its gate, in milliseconds. */
  readonly readyMs?: Readonly<Record<string, number>>;
}

/**
 * A container that has run, as stored in the ledger. Written before it starts and again when it is seen to have ended.
 */
export interface ContainerRecord {
  readonly id: string;
  readonly name: string;
  readonly replica: ReplicaId;
  readonly release: ReleaseId;
  readonly image: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly exitCode?: number;
  /** The page of the ledger that it is on. Absent in ledgers of older versions, which had no pages. */
  readonly page?: number | undefined;
  /** It was removed before it started. The history leaves it out. */
  readonly neverRan?: true;
  /** The file that it made, as answered at the service's report path. */
  readonly file?: string;
  /** Other text that it answered there. */
  readonly answer?: string;
}

/** The current state in the ledger. Read by every command, written with every change. */
export interface LedgerState {
  /** The last release that was deployed; null before the first one and after `down`. */
  readonly current: Release | null;
  /** The release that is being rolled out, or whose holder died. */
  readonly running: Release | null;
  /** The number of releases so far. */
  readonly releases: number;
  /** The directory of the last release's history. */
  readonly history: string | null;
  /** The old directory of a history that has moved; set until the copied entries are removed there. */
  readonly leaving: string | null;
  /** External volumes of the release that `down` removed. Nothing else records them then. */
  readonly externalVolumes?: readonly string[];
  /** Records, by name, of the containers that are not known to have ended. */
  readonly containers: Readonly<Record<string, ContainerRecord>>;
  /**
   * By container id, the state of each ingress after the last deploy; empty if unknown. It saves reading the
   * configuration of each ingress, which alone counts while a release runs.
   */
  readonly ingresses: Readonly<Record<string, IngressState>>;
  /** Id of the image last used for ingresses, leases and clean-ups; null before the first release. */
  readonly ingressImage: string | null;
}
