import type { PlannedStep } from '../model/plan.ts';
import { hasIngress, type Service } from '../model/service.ts';
import { answersMonitorMs } from './monitoring-of.ts';

/**
 * Once all has changed hands, the services with a `max_error_ratio` are watched, each for its monitor time: whichever
 * service changed, its users may see it in their answers. The old containers are there until then.
 */
export function watchAnswers(services: readonly Service[], before: readonly PlannedStep[]): PlannedStep[] {
  if (!before.some(({ step }) => CHANGES.has(step.kind))) return [];
  const after = before.filter(({ step }) => !WATCHES.has(step.kind)).map(({ id }) => id);
  return services.filter(hasIngress).flatMap((service): PlannedStep[] => {
    const { maxErrorRatio, minRequests = MIN_REQUESTS } = service.ingress;
    if (maxErrorRatio === undefined || service.replicas === 0) return [];
    const monitorMs = answersMonitorMs(service);
    const reason = `at most ${Math.round(maxErrorRatio * 1000) / 10} % may be 5xx for ${monitorMs / 1000} s`;
    const step = {
      kind: 'watch-answers',
      service: service.name,
      monitorMs,
      maxErrorRatio,
      minRequests,
      reason,
    } as const;
    return [{ id: `watch answers ${service.name}`, after, step }];
  });
}

/** Fewer requests say too little, unless the file says otherwise. */
const MIN_REQUESTS = 20;

/** Steps that users of some service may notice. */
const CHANGES: ReadonlySet<string> = new Set([
  'admit-replica',
  'drain-replica',
  'start-replica',
  'stop-replica',
  'resume-replica',
  'run-job',
  'start-ingress',
  'stop-ingress',
  'configure-ingress',
  'stop-former',
]);

/** They go on beside it. */
const WATCHES: ReadonlySet<string> = new Set(['watch-replica', 'ask-replica']);
