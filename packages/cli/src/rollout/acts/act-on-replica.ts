import { LobbieError } from '../../model/errors.ts';
import type { StepResult } from '../../model/events.ts';
import { type ReplicaId, replicaName } from '../../model/service.ts';
import type { ActOf } from '../../model/step.ts';
import { askReplica } from '../gate/ask-replica.ts';
import { gateOf } from '../gate/gate-of.ts';
import { gateReplica } from '../gate/gate-replica.ts';
import { httpTarget, inspect, targets } from '../gate/gate-targets.ts';
import { listenAsFound } from '../gate/listen-as-found.ts';
import { ingressOf } from '../ingresses/ingress-container.ts';
import { recogniseReplica } from '../ingresses/recognise-replica.ts';
import type { Acting } from './acting.ts';

/** @throws LobbieError `GATE_FAILED` if it does not work */
export async function proveReplica(
  context: Acting,
  step: ActOf<'gate-replica'>,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { replica, container, monitorMs = 0 } = step;
  // The ingress may not have run when the replica started.
  await recogniseReplica(context, replica, container);
  const { service } = step.input;
  const { findings, findMore } = await gateReplica(await gateOf(context, step, id, signal), monitorMs);
  await listenAsFound(context, service, findings);
  if (findMore === undefined) return;
  context.furtherPorts.set(container, async () => listenAsFound(context, service, await findMore()));
}

/**
 * Puts a replica into service. Meanwhile finds the ports that nobody named.
 *
 * @throws LobbieError `INGRESS_FAILED` if it does not come into service
 */
export async function admitReplica(context: Acting, replica: ReplicaId, container: string): Promise<void> {
  const furtherPorts = context.furtherPorts.get(container);
  context.furtherPorts.delete(container);
  const acts = await Promise.allSettled([putIntoService(context, replica, container), furtherPorts?.()]);
  for (const act of acts) if (act.status === 'rejected') throw act.reason;
}

async function putIntoService(context: Acting, replica: ReplicaId, container: string): Promise<void> {
  const ingress = await ingressOf(context, replica.service);
  if (ingress === undefined)
    throw new LobbieError('INGRESS_FAILED', `The ingress of ${replica.service} does not run.`, {
      hint: 'Run `lobbie status` to see what is there.',
    });
  const { addresses } = await inspect(context, container);
  await ingress.admit(container, Object.values(addresses));
}

/** Warns about requests that outlast the drain timeout, because they will be cut. */
export async function drainReplica(
  context: Acting,
  { replica, container, input: { timeoutMs } }: ActOf<'drain-replica'>,
  signal: AbortSignal,
): Promise<void> {
  const ingress = await ingressOf(context, replica.service);
  const begun = context.clock.now();
  const empty = await ingress?.drain(container, { timeoutMs, signal });
  if (empty === false) {
    const seconds = Math.round((context.clock.now() - begun) / 1000);
    const message = `${container} still had requests or connections after ${seconds} s of draining; those that are left when it stops are cut.`;
    context.report({ type: 'warning', timeMs: context.clock.now(), message });
  }
}

/** Longer answers are cut to fit on a line of the receipt. */
const ANSWER_LENGTH = 80;

/** The report is only shown. If a replica does not report, the deploy is not undone. */
export async function askToReport(
  context: Acting,
  { replica, container, path, replaces, input }: ActOf<'ask-replica'>,
): Promise<StepResult | undefined> {
  const { ledger, report, clock, secrets } = context;
  const { service } = replica;
  const [asked, ingress] = await Promise.all([
    targets(context, { service, ...input }, await inspect(context, container)),
    ingressOf(context, service),
  ]);
  const target = httpTarget(asked, ingress?.state.ports ?? []);
  if (target === undefined) return undefined;
  try {
    const told = await askReplica(context, target, path);
    const known = ingress?.state.ports ?? [];
    ingress?.note(
      known.map((one) => (one.port === target.port && one.mode === 'auto' ? { ...one, seen: 'http' } : one)),
    );
    // A careless service may report a secret, and the answer also goes into the ledger. Secrets are masked before the
    // answer is cut, so that no part of one is left.
    const shown = secrets.text;
    if ('answer' in told) {
      const answer = cut(shown(told.answer));
      await ledger.updateContainer(container, { answer });
      return { answer };
    }
    const file = shown(told.file);
    await ledger.updateContainer(container, { file });
    const replaced = replaces === undefined ? undefined : (await ledger.readContainer(replaces))?.file;
    return { file, ...(replaced !== undefined && { replaced }) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `${replicaName(replica)} does not report at ${path}: it ${why}`;
    report({ type: 'warning', timeMs: clock.now(), message: `${message.replace(/\.$/, '')}.` });
    return undefined;
  }
}

const cut = (text: string): string => (text.length <= ANSWER_LENGTH ? text : `${text.slice(0, ANSWER_LENGTH - 1)}…`);
