import type { ObservedState } from '../model/observed.ts';
import type { Impact, Plan, Step } from '../model/plan.ts';
import { hasIngress, ownPorts, type Service } from '../model/service.ts';
import { changesOf } from './changes.ts';
import type { Desired } from './desired.ts';
import { rollingOf } from './rolling-of.ts';

/** What the users of each service will notice of a plan, those of services that go included. */
export function impacts(desired: Desired, observed: ObservedState, { steps }: Plan): Impact[] {
  const { services } = desired.project;
  const touched = Map.groupBy(
    steps.map(({ step }) => step),
    serviceOf,
  );
  const before = new Map((observed.current?.project.services ?? []).map((service) => [service.name, service]));
  const known = new Set(services.map(({ name }) => name));
  const gone = [...touched.keys()].filter((name) => name !== undefined && !known.has(name));
  return [
    ...services.map((service) => ({
      service: service.name,
      notice: noticeOf(service, touched.get(service.name) ?? [], desired, observed),
      changes: changesOf(before.get(service.name), service),
    })),
    ...gone.map((service = '') => ({ service, notice: 'goes away', changes: [] })),
  ];
}

function noticeOf(service: Service, steps: readonly Step[], desired: Desired, { current }: ObservedState): string {
  const has = (kind: Step['kind']): boolean => steps.some((step) => step.kind === kind);
  const about = `of about ${seconds(current?.pausesMs?.[service.name])}`;
  if (service.job) return has('run-job') ? 'runs once' : 'nothing';
  if (has('stop-former')) return `a gap ${about}: taken over from docker compose`;
  if (has('start-ingress'))
    return has('stop-ingress') ? 'a gap of about 1 s: its published ports change hands' : 'it becomes reachable';
  const stops = steps.filter((step) => step.kind === 'stop-replica').length;
  if (stops > 0) {
    const { order, because } = rollingOf(service, desired.traits[service.name], desired.project.volumes);
    // What is stop-first only for this once gives its ports away.
    const why = order === 'stop-first' ? `stop-first: ${because}` : 'its published ports change hands';
    if (!hasIngress(service) || ownPorts(service).length > 0) return `a gap ${about} (${why})`;
    return atOnce(service, stops) < service.replicas ? 'nothing' : `a pause ${about} (${why})`;
  }
  return has('stop-ingress') && !hasIngress(service) ? 'it is no longer published' : 'nothing';
}

/** How many replicas are away at the same time. */
const atOnce = ({ update }: Service, stops: number): number =>
  update.parallelism > 0 ? Math.min(update.parallelism, stops) : stops;

/** What a change of hands takes, before it was measured. */
const USUAL_MS = 2000;

function seconds(ms = USUAL_MS): string {
  const exact = ms / 1000;
  return `${exact < 10 ? Math.max(0.1, Math.round(exact * 10) / 10) : Math.round(exact)} s`;
}

const serviceOf = (step: Step): string | undefined =>
  'service' in step ? step.service : 'replica' in step ? step.replica.service : undefined;
