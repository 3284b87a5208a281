import { addCounters, NO_REQUESTS } from '../../ingress/read-counters.ts';
import type { CountedAnswers } from '../../model/answers.ts';
import type { IngressCounters, IngressPort } from '../../model/ingress.ts';
import type { PlannedStep } from '../../model/plan.ts';
import { ingressPorts, type Service } from '../../model/service.ts';
import type { StepKind } from '../../model/step.ts';
import type { Given } from '../given/given.ts';
import { ingressOf, type SessionContext } from '../ingresses/ingress-container.ts';
import type { IngressesFound } from '../ingresses/ingresses-found.ts';
import type { AnswerCount } from './answer-count.ts';
import { answerWindows, countedBetween, type Moment, type Reading } from './answer-windows.ts';

export type CountContext = SessionContext & Pick<IngressesFound, 'carried'> & Pick<Given, 'clock'>;

export interface Counted {
  /** The services of the project. */
  readonly services: readonly Service[];
  /** Services whose ingress ran before the rollout. */
  readonly running: readonly string[];
  /** Steps of the rollout up to its commit. */
  readonly steps: readonly PlannedStep[];
}

/** Reads the ingresses of published services, and those that ran before, at the moments that count. */
export function countAnswers(context: CountContext, { running, steps, services: all }: Counted): AnswerCount {
  const { clock, sessions, carried } = context;
  const published = all.filter((service) => ingressPorts(service).length > 0);
  const services = new Set([...running, ...published.map(({ name }) => name)]);
  const readings: Partial<Record<Moment, Reading>> = {};
  const marking = new Map<Moment, Promise<void>>();
  let left = steps.filter(({ step }) => ENDS.has(step.kind)).length;

  const read = async (): Promise<Reading> => {
    const counters = new Map<string, IngressCounters>();
    const bytes = new Set<string>();
    const readOne = async (name: string): Promise<void> => {
      // An ingress that did not run before has an open session once it runs.
      const ingress = await (running.includes(name) ? ingressOf(context, name) : sessions.get(name));
      const counted = await ingress?.counters();
      const ended = carried.get(name);
      if (counted ?? ended) counters.set(name, addCounters(counted ?? NO_REQUESTS, ended ?? NO_REQUESTS));
      if (
        ingress &&
        !speaksHttp(
          published.find((one) => one.name === name),
          ingress.state.ports,
        )
      )
        bytes.add(name);
    };
    await Promise.all([...services].map((name) => readOne(name).catch(() => undefined)));
    return { timeMs: clock.now(), counters, bytes };
  };
  const mark = (moment: Moment): Promise<void> => {
    const marked =
      marking.get(moment) ??
      read().then((reading) => {
        readings[moment] = reading;
      });
    marking.set(moment, marked);
    return marked;
  };
  // Users use published ports. Requests between services that they cause do not count as well.
  const isSummed = (name: string): boolean => published.length === 0 || published.some((one) => one.name === name);
  const windows = (name: string, ended: Reading | undefined): CountedAnswers | undefined => {
    const counted = answerWindows(name, { ...readings, ...(ended && { ended }) }, !running.includes(name));
    return counted && { ...counted, summed: isSummed(name) };
  };
  /** Counters missing at either moment are left out. Otherwise everything ever counted would remain. */
  const countedSince = (from: Reading, to: Reading, name: string): IngressCounters => {
    const [a = running.includes(name) ? undefined : NO_REQUESTS, b] = [from, to].map((one) => one.counters.get(name));
    return a && b ? countedBetween(a, b) : NO_REQUESTS;
  };
  return {
    mark,
    async before(kind) {
      if (BEGINS.has(kind)) await mark('switching');
      if (kind === 'commit-release' || kind === 'watch-answers') await mark('switched');
    },
    async after(kind) {
      if (ENDS.has(kind)) left -= 1;
      if (ENDS.has(kind) && left === 0) await mark('switched');
    },
    soFar: async (name) => windows(name, await read()),
    async restarted() {
      const words = [...services].map(async (name) => {
        const restarts = (await sessions.get(name)?.catch(() => undefined))?.restarts ?? 0;
        return restarts === 0 ? [] : [restartWords(name, restarts)];
      });
      return (await Promise.all(words)).flat();
    },
    told() {
      const { begun, ended } = readings;
      if (!begun || !ended || !readings.switching || running.length === 0) return undefined;
      const own = [...services].flatMap((name): [string, CountedAnswers][] => {
        const counted = windows(name, ended);
        return counted ? [[name, counted]] : [];
      });
      const total = [...services]
        .filter(isSummed)
        .map((name) => countedSince(begun, ended, name))
        .reduce(addCounters, NO_REQUESTS);
      return { ...total, ...(own.length > 0 && { services: Object.fromEntries(own) }) };
    },
  };
}

const restartWords = (service: string, restarts: number): string =>
  `The ingress of ${service} was restarted ${restarts === 1 ? 'once' : `${restarts} times`} during the rollout. ` +
  'Requests and connections that it carried then were cut, and are not counted. Run `docker logs` on it to see why.';

/** Whether a port (a published one, if there is any) uses HTTP, or had no connection yet. */
const speaksHttp = (service: Service | undefined, known: readonly IngressPort[]): boolean => {
  const isHttp = (port: IngressPort | undefined): boolean =>
    port === undefined || port.mode === 'http' || (port.mode === 'auto' && (port.seen ?? 'http') === 'http');
  if (service === undefined) return known.some(isHttp);
  return ingressPorts(service).some(({ target }) => isHttp(known.find(({ port }) => port === target)));
};

/** Steps that change who serves. From the first one on, users may notice something. */
const BEGINS: ReadonlySet<StepKind> = new Set<StepKind>([
  'admit-replica',
  'drain-replica',
  'stop-replica',
  'stop-ingress',
  'start-ingress',
  'stop-former',
  'run-job',
]);

/**
 * After the last of these steps nothing changes any more. A service without an ingress serves once it passes its gate.
 */
const ENDS: ReadonlySet<StepKind> = new Set<StepKind>([
  ...BEGINS,
  'start-replica',
  'resume-replica',
  'gate-replica',
  'settle-ports',
]);
