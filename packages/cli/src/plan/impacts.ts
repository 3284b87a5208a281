import { isAlive } from '../model/is-alive.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Impact, Plan } from '../model/plan.ts';
import { hasIngress, ingressPorts, ownPorts, type RolloutOrder, type Service } from '../model/service.ts';
import { movedKeys, shownByIngress } from '../model/shown-to-proxies.ts';
import type { Step } from '../model/step.ts';
import { avoidGap } from './avoid-gap.ts';
import { batchSize } from './batches.ts';
import { changesOf } from './changes.ts';
import { dependenciesBelow } from './dependencies.ts';
import type { Desired } from './desired.ts';
import { expectedPauseMs } from './expected-pause.ts';
import { isCompleted, UNLESS_SAME } from './place.ts';
import { heldNow, portMoves } from './port-moves.ts';
import { rollingOf } from './rolling-of.ts';

/** What users of each service will notice, including services that are removed. */
export function impacts(desired: Desired, observed: ObservedState, { steps, readdressed = [] }: Plan): Impact[] {
  const { services } = desired.project;
  const touched = Map.groupBy(
    steps.map(({ step }) => step),
    serviceOf,
  );
  const before = new Map((observed.current?.project.services ?? []).map((service) => [service.name, service]));
  const known = new Set(services.map(({ name }) => name));
  const gone = [...touched.keys()].filter((name) => name !== undefined && !known.has(name));
  const notices = new Map(
    services.map((service) => [
      service.name,
      noticeOf(service, touched.get(service.name) ?? [], desired, observed, before.get(service.name)),
    ]),
  );
  const gaps = readdressed
    .filter(({ replaced }) => replaced)
    .flatMap(({ service, calls }) => gapOf(calls, notices.get(calls), service));
  for (const [service, notice] of gaps) if (notices.get(service) === undefined) notices.set(service, notice);
  return [
    ...services.map((service) => ({
      service: service.name,
      notice: wordsOf(service, services, notices),
      ...adviceOf(notices.get(service.name)),
      changes: changesOf(before.get(service.name), service),
      ...discoveredOf(service),
    })),
    ...gone.map((service = '') => ({ service, notice: 'goes away', changes: [] })),
  ];
}

/** The keys by which a proxy finds the ingress: families of labels, and the variable that counts. */
function discoveredOf(service: Service): Pick<Impact, 'discovered'> {
  const families = movedKeys(service).flatMap((key) => {
    const family = /^(traefik|caddy)/i.exec(key)?.[0];
    if (family !== undefined) return [`${family.toLowerCase()} labels`];
    return key.startsWith('VIRTUAL_HOST') ? [key] : [];
  });
  if (families.length === 0) return {};
  const keys = [...new Set(families)].join(' and ');
  return { discovered: `a proxy finds it by ${keys}: on its ingress, not on its replicas` };
}

/** A service that calls another one whose address changes loses it until its own new replicas serve. */
const gapOf = (calls: string, notice: Notice, service: string): [string, Notice][] =>
  notice !== undefined && 'interruption' in notice
    ? [[service, { interruption: 'a gap until its new replicas serve', because: `: ${calls} gets another address` }]]
    : [];

/** What users notice of one service, apart from its dependencies. */
type Notice =
  | { readonly words: string }
  /** `a pause of about 2 s`, ` (stop-first: volume data)` */
  | { readonly interruption: string; readonly because: string; readonly advice?: string }
  | undefined;

const adviceOf = (notice: Notice): Pick<Impact, 'advice'> =>
  notice && 'advice' in notice && notice.advice !== undefined ? { advice: notice.advice } : {};

/** Users who notice nothing of a service itself may notice changes of its direct and indirect dependencies. */
function wordsOf(service: Service, services: readonly Service[], notices: ReadonlyMap<string, Notice>): string {
  const own = notices.get(service.name);
  if (own !== undefined) return 'words' in own ? own.words : `${own.interruption}${own.because}`;
  const away = service.job
    ? []
    : dependenciesBelow(service, services).flatMap(({ name }) => {
        const notice = notices.get(name);
        return notice && 'interruption' in notice ? [`${name}, which it depends on, has ${notice.interruption}`] : [];
      });
  return away.length === 0 ? 'nothing' : `nothing of its own; ${away.join('; ')}`;
}

function noticeOf(
  service: Service,
  steps: readonly Step[],
  desired: Desired,
  observed: ObservedState,
  before: Service | undefined,
): Notice {
  const has = (kind: Step['kind']): boolean => steps.some((step) => step.kind === kind);
  const about = `of about ${seconds(expectedPauseMs(service.name, observed.current))}`;
  if (service.job) return has('run-job') ? { words: 'runs once' } : undefined;
  if (has('stop-former')) return { interruption: `a gap ${about}`, because: ': taken over from docker compose' };
  if (before && isDown(before, observed) && steps.some((step) => COMES_BACK.has(step.kind)))
    return { words: 'it is down now and comes back' };
  if (has('start-ingress') && has('stop-ingress'))
    return { interruption: 'a gap of about 1 s', because: `: ${whyAnew(service, before)}` };
  const stops = steps.filter((step) => step.kind === 'stop-replica').length;
  if (has('start-ingress') && stops === 0) {
    if (service.front?.tentative)
      return { words: 'it has an ingress if it listens on a TCP port when its gate passes' };
    if (before === undefined && ingressPorts(service).length === 0) return undefined;
    const giver = givenBy(service, observed);
    if (before === undefined && giver !== undefined)
      return { interruption: `a gap ${about}`, because: `: ${giver} has its port now` };
    // Until now its name led to the containers themselves.
    const handsOver = before !== undefined && !hasIngress(before) && ingressPorts(service).length === 0;
    return {
      words: handsOver ? 'connections may be cut once, because its name moves to an ingress' : 'it becomes reachable',
    };
  }
  if (stops > 0) {
    const rolling = rollingOf(service, desired.traits[service.name], desired.project.volumes);
    // A service that is stop-first only this time gives its ports away.
    const why = rolling.order === 'stop-first' ? ` (stop-first: ${rolling.because})` : ` (${handOver(service)})`;
    const because = `${why}${mayStay(service, desired, observed) ? `, ${UNLESS_SAME}` : ''}`;
    const { traits, project } = desired;
    const advice =
      rolling.order === 'stop-first' ? { advice: avoidGap(service, traits[service.name], project.volumes) } : {};
    if (!hasIngress(service) || has('start-ingress') || ownPorts(service).length > 0)
      return { interruption: `a gap ${about}`, because, ...advice };
    return atOnce(service, rolling.order, stops) < service.replicas
      ? undefined
      : { interruption: `a pause ${about}`, because, ...advice };
  }
  return has('stop-ingress') && !hasIngress(service) ? { words: 'it is no longer published' } : undefined;
}

/** A container's labels and environment cannot change, so another ingress takes over. */
function whyAnew(service: Service, before: Service | undefined): string {
  const facts = (one: Service | undefined): string =>
    JSON.stringify(one && [ingressPorts(one), one.networks, one.containerName]);
  const shown = (one: Service | undefined): string => JSON.stringify(one && shownByIngress(one));
  const isOnlyShown =
    facts(before) === facts(service) && (shown(before) !== shown(service) || movedKeys(service).length > 0);
  return isOnlyShown ? 'its ingress is replaced because of its routing labels' : handOver(service);
}

/** Whether nothing happens to the service if the build gives the existing image. */
function mayStay({ name }: Service, { recreate, sameImageHashes }: Desired, { replicas }: ObservedState): boolean {
  const own = replicas.filter(({ replica }) => replica.service === name);
  return (
    !recreate.includes(name) && own.length > 0 && own.every(({ specHash }) => specHash === sameImageHashes?.[name])
  );
}

const COMES_BACK: ReadonlySet<string> = new Set(['start-ingress', 'start-replica', 'resume-replica']);

/** Whether the deployed containers do not serve, because they were removed or stopped, or have ended. */
function isDown(service: Service, { replicas, ingresses }: ObservedState): boolean {
  if (service.replicas === 0) return false;
  const own = replicas.filter(({ replica }) => replica.service === service.name);
  const slots = hasIngress(service) ? [] : undefined;
  const runs = own.some((one) => isAlive(one) || isCompleted(one, service, slots));
  const reached = ingresses.some((one) => one.service === service.name && one.state === 'running');
  return !runs || (hasIngress(service) && !reached);
}

/** How many replicas are away at the same time. */
const atOnce = ({ update }: Service, order: RolloutOrder, stops: number): number =>
  Math.min(batchSize(update, order) || stops, stops);

function seconds(ms: number): string {
  const exact = ms / 1000;
  return `${exact < 10 ? Math.max(0.1, Math.round(exact * 10) / 10) : Math.round(exact)} s`;
}

const serviceOf = (step: Step): string | undefined =>
  'service' in step ? step.service : 'replica' in step ? step.replica.service : undefined;

/** Why an ingress must stop before another one starts, or replicas before others. */
const handOver = (service: Service): string =>
  service.ports.length > 0 ? 'its published ports move to another container' : 'its networks or names changed';

/** The service that has a port now which another one will have. */
const givenBy = (service: Service, observed: ObservedState): string | undefined =>
  portMoves([service], heldNow(observed)).find(({ from }) => from.service !== service.name)?.from.service;
