import type { CountedAnswers } from '../../model/answers.ts';
import type { Receipt } from '../../model/results.ts';
import type { StepKind } from '../../model/step.ts';
import type { Moment } from './answer-windows.ts';

/**
 * Counts the answers of ingresses through a rollout. They are for show, so what cannot be read is left out: that is no
 * reason to fail a rollout, least of all a committed one.
 */
export interface AnswerCount {
  /** Reads the ingresses, unless that was done for this moment. */
  mark(moment: Moment): Promise<void>;
  /** Before each step of the rollout. */
  before(kind: StepKind): Promise<void>;
  /** Once a step of the rollout is done. */
  after(kind: StepKind): Promise<void>;
  /** What one service has answered until now; undefined where that cannot be read. */
  soFar(service: string): Promise<CountedAnswers | undefined>;
  /** For the receipt; undefined where no ingress ran before, or nothing changed hands. */
  told(): Receipt['requests'];
  /** A warning for each ingress that was restarted meanwhile: nothing counts the connections that were cut by it. */
  restarted(): Promise<readonly string[]>;
}
