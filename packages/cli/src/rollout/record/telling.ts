import type { Event, Report } from '../../model/events.ts';
import type { Project } from '../../model/project.ts';
import type { Receipt } from '../../model/results.ts';
import { redactionOf } from './redact.ts';

/** What a rollout reports, without the secrets of its project. */
export interface Telling {
  readonly report: Report;
  /** Everything that was reported; grows. */
  readonly events: readonly Event[];
  /** Hides the secrets of the deployed project too. */
  know(deployed: Project | undefined): void;
  receipt(receipt: Receipt): Receipt;
  error(error: unknown): unknown;
}

export function newTelling(report: Report, project: Project): Telling {
  const events: Event[] = [];
  let redaction = redactionOf([project]);
  return {
    events,
    report(event) {
      events.push(event);
      report(redaction.event(event));
    },
    know(deployed) {
      if (deployed !== undefined) redaction = redactionOf([project, deployed]);
    },
    receipt: (receipt) => redaction.receipt(receipt),
    error: (error) => redaction.error(error),
  };
}
