import type { CountedAnswers } from './answers.ts';
import type { ContainerStateName, Health } from './container.ts';
import type { Impact, Plan } from './plan.ts';
import type { ToldStep } from './step.ts';

/** The result of a command; the last line of `--json`. */
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
   * Counted by the ingresses during the rollout; absent if no ingress counted. The totals are what users saw: the
   * ingresses of services that publish a port or, if there are none, of all services.
   */
  readonly requests?: {
    readonly total: number;
    /** Requests that no replica answered. */
    readonly failed: number;
    readonly retried: number;
    /** 5xx answers of the application itself. */
    readonly serverErrors: number;
    /** By service with an ingress: services that publish a port, and others that the rollout touches. */
    readonly services?: Readonly<Record<string, CountedAnswers>>;
  };
  /** Seconds without a replica, by stop-first service, until it was replaced or restored. */
  readonly pauses?: Readonly<Record<string, number>>;
  readonly url: readonly string[];
  /** The URLs, with the services behind them. */
  readonly published: readonly PublishedUrl[];
  /** Why it failed, in one sentence. The error is shown with the receipt. */
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly details: readonly string[];
  };
  /** What could not be cleaned up after a good deploy, or not restored after a failed one. */
  readonly warnings: readonly string[];
}

/** A service's address outside the engine: `http://…`, `https://…`, or `tcp://…` for other protocols. */
export interface PublishedUrl {
  readonly service: string;
  readonly url: string;
}

export interface ReceiptReplica {
  readonly service: string;
  readonly replica: string;
  readonly container: string;
  /** The file that it made, if it reported one. */
  readonly file?: string;
  /** Other text that it reported, on one line. */
  readonly answer?: string;
  readonly replaced?: { readonly container: string; readonly file?: string; readonly answer?: string };
}

/** The result of `--dry-run`. In `--json` its `lines` are the text that the plan tests compare. */
export interface PlanResult {
  readonly type: 'plan';
  readonly project: string;
  /** What the deploy would ask about first or refuse without an option, one sentence each. */
  readonly notes?: readonly string[];
  readonly plan: Plan<ToldStep>;
  readonly impacts: readonly Impact[];
}

/** The result of `config`. */
export interface ConfigResult {
  readonly type: 'config';
  readonly project: string;
  /** YAML, JSON, or one name a line, as requested. The last line has no line break. */
  readonly text: string;
}

export interface HistoryResult {
  readonly type: 'history';
  /** Oldest first. */
  readonly containers: readonly HistoryContainer[];
}

/** Times are ISO 8601, or null if unknown. */
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
  /** The URLs, with the services behind them. */
  readonly published: readonly PublishedUrl[];
  /** Nothing is missing, stopped, unhealthy or made from another definition, and no rollout is unfinished. */
  readonly asDeployed: boolean;
  /** `--check`: a difference from the deployed release gives exit status 8. */
  readonly checked?: true;
  readonly replicas: readonly StatusReplica[];
  readonly ingresses: readonly StatusIngress[];
  /** Differences from the deployed release and the next step, one or two sentences each. */
  readonly problems: readonly string[];
  /** The problems and other warnings. */
  readonly warnings: readonly string[];
}

export interface StatusReplica {
  readonly service: string;
  readonly replica: string;
  readonly container: string;
  readonly state: ContainerStateName;
  readonly health: Health;
  /** The difference from the deployed release, and the next step. */
  readonly problem: string | null;
  /** How many times the engine has restarted it. */
  readonly restarts: number;
  /** Exit status; null while it runs. */
  readonly exitCode: number | null;
  /**
   * Whether it runs and its ingress sends it requests. `unknown` if the ingress could not be read; null if the service
   * has no ingress.
   */
  readonly admitted: boolean | 'unknown' | null;
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
  /** As for a replica. */
  readonly problem: string | null;
  /** Null if the ingress could not be read. */
  readonly ports: readonly StatusIngressPort[] | null;
  readonly release: string;
  readonly address: string | null;
  readonly uptimeSeconds: number | null;
}

export interface StatusIngressPort {
  /** Port on the project's networks. */
  readonly port: number;
  /** On the host: `8080`, `127.0.0.1:8080`. */
  readonly published: readonly string[];
  /** HTTP, HTTP within TLS, or bytes; null if not detected yet. */
  readonly speaks: 'http' | 'https' | 'tcp' | null;
  /** False if no replica listened on it: connections are refused. */
  readonly open: boolean;
}

export interface DownResult {
  readonly type: 'down';
  /** `declined` if the user answered no. */
  readonly outcome: 'down' | 'not-deployed' | 'declined';
  readonly project: string;
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

/** The result of `ingress-image`. */
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
