import type { Service } from './service.ts';
import type { BegunStep, Step, ToldStep } from './step.ts';

/** What to do, decided before anything is done. A plan without steps means that everything is as desired. */
export interface Plan<S extends ToldStep = Step> {
  readonly steps: readonly PlannedStep<S>[];
  /**
   * The steps of rollouts that died since the last release. New steps may come `after` them. An undo of this rollout
   * also undoes them, so that it returns to the deployed release.
   */
  readonly done?: readonly PlannedStep<BegunStep>[];
  /** Services that call a service whose address changes. They are replaced, unless they mount data. */
  readonly readdressed?: readonly Readdressed[];
  /** Services that run but are no longer in the project. Kept unless the user asked to remove them. */
  readonly orphans: readonly string[];
}

export interface Readdressed {
  readonly service: string;
  readonly calls: string;
  readonly replaced: boolean;
}

export interface PlannedStep<S extends ToldStep = Step> {
  readonly id: string;
  /** Steps that must be done first. Steps without an order between them run at the same time. */
  readonly after: readonly string[];
  /** The steps in `after` that must have succeeded, even if the rollout continues after failures. */
  readonly needs?: readonly string[];
  /** The replica whose place the step fills or clears, such as `api-2`. A place is kept or undone as a whole. */
  readonly place?: string;
  /** What a failure means if it does not undo the whole rollout. */
  readonly onFailure?: FailureRule;
  readonly step: S;
}

/** `deploy.update_config.failure_action` and `max_failure_ratio`, per service. */
export interface FailureRule {
  readonly service: string;
  /** How many places of the service may fail. Each is undone by itself, and the rollout continues. */
  readonly spare: number;
  /** If more fail: undo everything, or stop the rollout as it is. */
  readonly then: 'undo' | 'pause';
}

/** What users of a service will notice. */
export interface Impact {
  readonly service: Service['name'];
  /** `nothing`, `a pause of about 2 s (stop-first: volume data)`, … */
  readonly notice: string;
  /** Differences from the deployed release, one a line: `environment.LOG_LEVEL: "info" → "debug"`. */
  readonly changes: readonly string[];
  /** How to avoid a gap or a pause, on one line; absent if there is none, or if it happens only this once. */
  readonly advice?: string;
  /** Where reverse proxies find the service, on one line; absent if none looks for it. */
  readonly discovered?: string;
}
