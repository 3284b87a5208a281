/** Facts of a LobbieError as fields, so that no code depends on the text of an error. An absent fact is not known. */
export interface ErrorFacts {
  /** The engine refused a request. */
  readonly refusal?: Refusal;
  /** The published port that is in use; of `PORT_IN_USE`. */
  readonly port?: {
    readonly published: number;
    readonly service?: string;
    readonly protocol?: 'tcp' | 'udp' | 'sctp';
  };
  /** The image that cannot be pulled, as it is written in the file; of `IMAGE_PULL_FAILED`. */
  readonly image?: string;
  /** The build could not reach the servers of a package manager; of `IMAGE_BUILD_FAILED`. */
  readonly packagesUnreachable?: boolean;
}

/** The facts of an engine's refusal. `engine/` reads them from the engine's message. */
export interface Refusal {
  /** Why, with a full stop; it follows "Could not start container: ". */
  readonly why: string;
  /** Whether the engine gives the same answer until something is changed. */
  readonly isLasting: boolean;
  readonly reason?: RefusalReason;
  /** Why a path could not be mounted. */
  readonly pathProblem?: PathProblem;
  /** Every absolute path that the engine names. */
  readonly paths: readonly string[];
}

export type RefusalReason =
  /** The path to bind does not exist on the engine's machine; `paths` has it. */
  | 'bind-source-missing'
  /** The logging driver of the container stores no log that can be read. */
  | 'log-not-stored'
  /** Several networks have this name or id. */
  | 'name-ambiguous'
  /** The container is being removed already. */
  | 'removal-in-progress';

export type PathProblem =
  /** It is in a read-only mount, and there is nothing to mount over. */
  | 'read-only'
  /** The source is a file and the target is a directory, or the other way round. */
  | 'other-kind'
  | 'missing';
