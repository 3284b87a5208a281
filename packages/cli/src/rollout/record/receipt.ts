import { ownContainers } from '../../ledger/own-containers.ts';
import type { LobbieError } from '../../model/errors.ts';
import type { Event } from '../../model/events.ts';
import { LABEL } from '../../model/names.ts';
import type { ObservedReplica, ObservedState } from '../../model/observed.ts';
import type { PublishedUrl, Receipt, ReceiptReplica } from '../../model/results.ts';
import { replicaName } from '../../model/service.ts';
import type { Desired } from '../../plan/desired.ts';
import type { Given } from '../given/given.ts';
import { toReplica } from '../observe/observe.ts';
import { pausesOf } from './pauses-of.ts';
import { phaseSeconds } from './phase-seconds.ts';
import { urlsOf } from './urls.ts';

export interface ApplyOptions {
  /** Everything reported since the command began; it keeps growing. */
  readonly events: readonly Event[];
  readonly startedMs: number;
}

interface Ending {
  readonly outcome: Receipt['outcome'];
  readonly failure?: LobbieError;
  readonly warnings: readonly string[];
  readonly requests?: Receipt['requests'];
}

type ReceiptContext = Pick<Given, 'engine' | 'clock' | 'ledger' | 'projectName' | 'release'>;

/** The goal of a rollout. */
interface Intent {
  readonly desired: Desired;
  readonly observed: ObservedState;
}

/** The result of a rollout, read from what runs now rather than from the plan. */
export async function makeReceipt(
  context: ReceiptContext,
  { desired, observed }: Intent,
  { startedMs, events }: ApplyOptions,
  ending: Ending,
): Promise<Receipt> {
  const { projectName, release, clock } = context;
  const { outcome, failure, warnings, requests } = ending;
  const present = await readPresent(context, outcome === 'deployed' ? observed.replicas : []);
  return {
    type: 'receipt',
    outcome,
    project: projectName,
    release,
    seconds: { total: (clock.now() - startedMs) / 1000, ...phaseSeconds(events) },
    replicas: present.replicas,
    ...(requests && { requests }),
    ...pausesIn(events, desired),
    url: present.urls.map(({ url }) => url),
    published: present.urls,
    ...(failure && {
      error: {
        code: failure.code,
        message: failure.message,
        details: failure.details,
        ...(failure.hint !== undefined && { hint: failure.hint }),
      },
    }),
    warnings: [...warnings, ...present.warnings],
  };
}

const pausesIn = (events: readonly Event[], desired: Desired): Pick<Receipt, 'pauses'> => {
  const pauses = Object.entries(pausesOf(events, desired));
  if (pauses.length === 0) return {};
  return { pauses: Object.fromEntries(pauses.map(([service, ms]) => [service, ms / 1000])) };
};

/** The receipt of a deploy that found nothing to do. */
export const unchangedReceipt = async (given: ReceiptContext, intent: Intent, startedMs: number): Promise<Receipt> => {
  const release = intent.observed.current?.id ?? intent.desired.release;
  const options = { startedMs, events: [] };
  return makeReceipt({ ...given, release }, intent, options, { outcome: 'unchanged', warnings: [] });
};

/** The outcome is decided by now. If the engine no longer answers, it does not change. */
async function readPresent(
  context: ReceiptContext,
  before: readonly ObservedReplica[],
): Promise<Pick<Receipt, 'replicas' | 'warnings'> & { readonly urls: readonly PublishedUrl[] }> {
  try {
    const [replicas, urls] = await Promise.all([
      readReplicas(context, before),
      urlsOf(context.engine, context.projectName, context.ledger),
    ]);
    return { replicas, urls, warnings: [] };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { replicas: [], urls: [], warnings: [`The current state could not be read: ${words}`] };
  }
}

async function readReplicas(
  { engine, projectName, ledger }: ReceiptContext,
  before: readonly ObservedReplica[],
): Promise<ReceiptReplica[]> {
  const containers = await ownContainers(engine, projectName, { [LABEL.role]: 'replica' }, ledger);
  const reportOf = async (container: string): Promise<Pick<ReceiptReplica, 'file' | 'answer'>> => {
    const { file, answer } = (await ledger.readContainer(container)) ?? {};
    return { ...(file !== undefined && { file }), ...(answer !== undefined && { answer }) };
  };
  const replicas = containers
    .map(toReplica)
    .toSorted((a, b) => a.replica.service.localeCompare(b.replica.service) || a.replica.index - b.replica.index);
  return Promise.all(
    replicas.map(async ({ replica, container }): Promise<ReceiptReplica> => {
      const old = predecessorOf({ replica, container }, before);
      return {
        service: replica.service,
        replica: replicaName(replica),
        container,
        ...(await reportOf(container)),
        ...(old && { replaced: { container: old.container, ...(await reportOf(old.container)) } }),
      };
    }),
  );
}

/**
 * The container of the last release in the same place, even if rollouts that died left others there; undefined if it is
 * this one, or if there was none.
 */
export function predecessorOf(
  { replica, container }: Pick<ObservedReplica, 'replica' | 'container'>,
  before: readonly ObservedReplica[],
): ObservedReplica | undefined {
  const own = before.find((one) => one.deployed && replicaName(one.replica) === replicaName(replica));
  return own?.container === container ? undefined : own;
}
