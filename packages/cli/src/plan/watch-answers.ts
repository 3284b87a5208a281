import type { PlannedStep } from '../model/plan.ts';
import { hasIngress, type Service } from '../model/service.ts';
import { answersMonitorMs } from './monitoring-of.ts';

/**
 * Once everything is replaced, watches the services with a `max_error_ratio`, each for its monitor time: a change of
 * any service may show in their answers. The old containers exist until then.
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

/** Fewer requests prove too little. Default if the file does not say. */
const MIN_REQUESTS = 20;

/** Steps that users of a service may notice. */
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

/** These steps may run at the same time. */
const WATCHES: ReadonlySet<string> = new Set(['watch-replica', 'ask-replica']);
