import type { CountedAnswers } from './answers.ts';
import type { ContainerStateName, Health } from './container.ts';
import type { Impact, Plan } from './plan.ts';

/** What a command hands back; the last line of `--json`. */
export type Result =
  | Receipt
  | PlanResult
  | ConfigResult
  | HistoryResult
  | StatusResult
  | DownResult
  | IngressImageResult;

export interface Receipt {
  readonly type: 'receipt';
  readonly outcome: 'deployed' | 'unchanged' | 'failed-restored' | 'failed-not-restored' | 'interrupted';
  readonly project: string;
  readonly release: string;
  readonly seconds: {
    readonly total: number;
    readonly build: number;
    readonly start: number;
    readonly gate: number;
    readonly switch: number;
  };
  readonly replicas: readonly ReceiptReplica[];
  /**
   * Counted by the ingresses from the beginning of the rollout to its end; absent when there was none. The totals are
   * what users saw: the ingresses of services that publish a port, or, where none does, of all services.
   */
  readonly requests?: {
    readonly total: number;
    /** Requests without an answer of a replica. */
    readonly failed: number;
    readonly retried: number;
    /** The application's own 5xx. */
    readonly serverErrors: number;
    /** By service with an ingress: those that publish a port, and others that the rollout touches. */
    readonly services?: Readonly<Record<string, CountedAnswers>>;
  };
  /** Seconds by service in which a stop-first one had no replica while it changed hands, or until it was restored. */
  readonly pauses?: Readonly<Record<string, number>>;
  readonly url: readonly string[];
  /** The same with the services that answer there. */
  readonly published: readonly PublishedUrl[];
  /** Why it failed, in one sentence; the error is shown beside the receipt. */
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly details: readonly string[];
  };
  /** What could not be cleaned up after a good deploy, or not be restored after a failed one. */
  readonly warnings: readonly string[];
}

/** Where a service can be reached from outside: `http://…`, `https://…`, or `tcp://…` where it speaks something else. */
export interface PublishedUrl {
  readonly service: string;
  readonly url: string;
}

export interface ReceiptReplica {
  readonly service: string;
  readonly replica: string;
  readonly container: string;
  /** The file that it made, where it reported one. */
  readonly file?: string;
  /** What else it reported, on one line. */
  readonly answer?: string;
  readonly replaced?: { readonly container: string; readonly file?: string; readonly answer?: string };
}

/** Of `--dry-run`; in `--json` it is told as `lines`, the text that the plan tests compare. */
export interface PlanResult {
  readonly type: 'plan';
  readonly project: string;
  /** What the deploy asks about first, or refuses without an option; a sentence each. */
  readonly notes?: readonly string[];
  readonly plan: Plan;
  readonly impacts: readonly Impact[];
}

/** Of `config`. */
export interface ConfigResult {
  readonly type: 'config';
  readonly project: string;
  /** As it was asked for: YAML, JSON, or a name a line; several lines, the last one without an end. */
  readonly text: string;
}

export interface HistoryResult {
  readonly type: 'history';
  /** Oldest first. */
  readonly containers: readonly HistoryContainer[];
}

/** Times are ISO 8601, or null when not known. */
export interface HistoryContainer {
  readonly file: string | null;
  readonly container: string;
  readonly service: string | null;
  readonly replica: string | null;
  readonly release: string | null;
  readonly image: string | null;
  readonly started: string | null;
  readonly ended: string | null;
  readonly running: boolean;
}

export interface StatusResult {
  readonly type: 'status';
  readonly project: string;
  readonly release: string | null;
  readonly url: readonly string[];
  /** The same with the services that answer there. */
  readonly published: readonly PublishedUrl[];
  /** Nothing is missing, stopped, unhealthy or made from another definition, and no rollout is unfinished. */
  readonly asDeployed: boolean;
  /** `--check`: what is not as deployed gives exit status 8. */
  readonly checked?: true;
  readonly replicas: readonly StatusReplica[];
  readonly ingresses: readonly StatusIngress[];
  /** What is not as deployed, and the next step, a sentence or two each. */
  readonly problems: readonly string[];
  /** The problems, and what else is worth a word. */
  readonly warnings: readonly string[];
}

export interface StatusReplica {
  readonly service: string;
  readonly replica: string;
  readonly container: string;
  readonly state: ContainerStateName;
  readonly health: Health;
  /** What is not as deployed, and the next step. */
  readonly problem: string | null;
  /** How often the engine has restarted it. */
  readonly restarts: number;
  /** Exit status of one that has ended. */
  readonly exitCode: number | null;
  /** Whether it runs and the ingress sends it requests; null where its service has none. */
  readonly admitted: boolean | null;
  readonly file: string | null;
  readonly release: string;
  readonly address: string | null;
  readonly uptimeSeconds: number | null;
  readonly memoryBytes: number | null;
  readonly cpuCores: number | null;
}

export interface StatusIngress {
  readonly service: string;
  readonly container: string;
  readonly state: ContainerStateName;
  /** As of a replica. */
  readonly problem: string | null;
  readonly ports: readonly StatusIngressPort[];
  readonly release: string;
  readonly address: string | null;
  readonly uptimeSeconds: number | null;
}

export interface StatusIngressPort {
  /** On the project's networks. */
  readonly port: number;
  /** On the host: `8080`, `127.0.0.1:8080`. */
  readonly published: readonly string[];
  /** HTTP, HTTP within TLS, or bytes; null where that is not known yet. */
  readonly speaks: 'http' | 'https' | 'tcp' | null;
  /** False where nothing listened behind it: connections are refused. */
  readonly open: boolean;
}

export interface DownResult {
  readonly type: 'down';
  /** `declined` when asked whether to go on. */
  readonly outcome: 'down' | 'not-deployed' | 'declined';
  readonly project: string;
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

/** Of `ingress-image`. */
export type IngressImageResult =
  | { readonly type: 'ingress-image'; readonly outcome: 'present' | 'missing'; readonly image: string }
  | {
      readonly type: 'ingress-image';
      readonly outcome: 'saved' | 'loaded';
      readonly image: string;
      readonly file: string;
    }
  | { readonly type: 'ingress-image'; readonly outcome: 'printed'; readonly text: string };

/** One line of `lobbie logs`. */
export interface ReplicaLogLine {
  readonly replica: string;
  readonly timeMs: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}
