import type { Impact, Plan, Step } from '../model/plan.ts';
import { hasIngress, type Project, type Service } from '../model/project.ts';

/** What the users of each service will notice of a plan, those of services that go included. */
export function impacts({ services }: Project, { steps }: Plan): Impact[] {
  const touched = steps.map(({ step }) => step);
  const known = services.map(({ name }) => name);
  const gone = new Set(touched.map(serviceOf).filter((name) => name !== undefined && !known.includes(name)));
  return [
    ...services.map((service) => ({ service: service.name, notice: noticeOf(service, touched) })),
    ...[...gone].map((service) => ({ service: service ?? '', notice: 'it goes away' })),
  ];
}

function noticeOf(service: Service, touched: readonly Step[]): string {
  const has = (kind: Step['kind']): boolean =>
    touched.some((step) => step.kind === kind && serviceOf(step) === service.name);
  if (has('start-ingress'))
    return has('stop-ingress') ? 'a gap of about 1 s: its published ports change hands' : 'it becomes reachable';
  return has('stop-ingress') && !hasIngress(service) ? 'it is no longer published' : 'nothing';
}

const serviceOf = (step: Step): string | undefined =>
  'service' in step ? step.service : 'replica' in step ? step.replica.service : undefined;
