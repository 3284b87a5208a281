import type { CountedAnswers } from '../../model/answers.ts';
import type { Receipt } from '../../model/results.ts';
import type { StepKind } from '../../model/step.ts';
import type { Moment } from './answer-windows.ts';

/**
 * Counts the answers of ingresses during a rollout. They are only shown, so counters that cannot be read are left out;
 * they are never a reason to fail a rollout.
 */
export interface AnswerCount {
  /** Reads the ingresses, unless they were read for this moment. */
  mark(moment: Moment): Promise<void>;
  /** Called before each step of the rollout. */
  before(kind: StepKind): Promise<void>;
  /** Called after each step of the rollout. */
  after(kind: StepKind): Promise<void>;
  /** The answers of one service until now; undefined if they cannot be read. */
  soFar(service: string): Promise<CountedAnswers | undefined>;
  /** For the receipt; undefined if no ingress ran before, or if nothing was replaced. */
  told(): Receipt['requests'];
  /** A warning for each ingress that was restarted meanwhile. The connections that this cut are not counted. */
  restarted(): Promise<readonly string[]>;
}
