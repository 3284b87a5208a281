import type { ContainerDetails } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { StepResult } from '../model/events.ts';
import { LABEL } from '../model/names.ts';
import type { Step } from '../model/plan.ts';
import { type ReplicaId, replicaName } from '../model/project.ts';
import { askReplica } from './ask-replica.ts';
import { commitRelease } from './commit-release.ts';
import { type RolloutContext, serviceOf } from './context.ts';
import type { DialTarget } from './dial.ts';
import { gateReplica } from './gate-replica.ts';
import { createIngress, ingressOf, removeIngress, runningIngress, stopIngress } from './ingress-container.ts';
import { prepareHistory } from './prepare-history.ts';
import { retireReplica } from './retire-replica.ts';
import { startReplica } from './start-replica.ts';
import { tellImage } from './tell-image.ts';

/** Does one step; decides nothing. What undoes a step is content with finding nothing there. */
export async function act(
  context: RolloutContext,
  step: Step,
  id: string,
  signal: AbortSignal,
): Promise<StepResult | undefined> {
  const { engine, project } = context;
  switch (step.kind) {
    case 'build-image':
      return build(context, step.image, signal);
    case 'create-network':
      return void (await engine.createNetwork(step.name, { [LABEL.project]: project.name, [LABEL.role]: 'network' }));
    case 'remove-network':
      return void (await removeOwnNetwork(context, step.name));
    case 'prepare-history':
      return void (await prepareHistory(context, step.service, step.source));
    case 'create-ingress':
      return void (await createIngress(context, step.service, step.container, step.state, step.spec));
    case 'start-ingress':
      return void (await engine.startContainer(step.container));
    case 'stop-ingress':
      return void (await stopIngress(context, step.service, step.container));
    case 'remove-ingress':
      return void (await removeIngress(context, step.service, step.container));
    case 'configure-ingress':
      return void (await (await ingressOf(context, step.service))?.configure(step.state));
    case 'start-replica':
      return void (await startReplica(context, step.replica, step.container, step.spec));
    case 'gate-replica':
      return void (await gate(context, step.replica, step.container, id, signal));
    case 'admit-replica':
      return void (await admit(context, step.replica, step.container));
    case 'drain-replica':
      return void (await drain(context, step.replica, step.container, signal));
    case 'ask-replica':
      return ask(context, step);
    case 'commit-release':
      return void (await commitRelease(context));
    case 'retire-replica':
      await (await ingressOf(context, step.replica.service))?.release(step.container);
      return void (await retireReplica(context, step.replica, step.container));
    default:
      return step satisfies never;
  }
}

/** A network of that name that lobbie did not make is left alone. */
async function removeOwnNetwork({ engine, project }: RolloutContext, name: string): Promise<void> {
  const found = await engine.inspectNetwork(name);
  if (found?.labels[LABEL.project] === project.name) await engine.removeNetwork(name);
}

async function build(context: RolloutContext, image: string, signal: AbortSignal): Promise<undefined> {
  const build = context.builds[image];
  if (build === undefined) throw new LobbieError('BUG', `No build is known for image ${image}.`);
  await tellImage(context, image, 'build', (onProgress) => context.engine.buildImage(build, onProgress, signal));
}

async function gate(
  context: RolloutContext,
  replica: ReplicaId,
  container: string,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { engine, clock, report, gateEvents, checks, gateTimeoutMs } = context;
  const details = await inspect(context, container);
  await gateReplica({
    engine,
    clock,
    service: serviceOf(context, replica.service),
    replica: replicaName(replica),
    container: details,
    ports: await targets(context, replica, details),
    events: gateEvents,
    checks,
    timeoutMs: gateTimeoutMs,
    signal,
    waiting: (lastCheck) => report({ type: 'gate-waiting', timeMs: clock.now(), id, lastCheck }),
  });
}

async function admit(context: RolloutContext, replica: ReplicaId, container: string): Promise<void> {
  const ingress = await ingressOf(context, replica.service);
  if (ingress === undefined)
    throw new LobbieError('INGRESS_FAILED', `The ingress of ${replica.service} does not run.`, {
      hint: 'Run `lobbie status` to see what is there.',
    });
  const { addresses } = await inspect(context, container);
  await ingress.admit(container, Object.values(addresses));
}

async function drain(
  context: RolloutContext,
  replica: ReplicaId,
  container: string,
  signal: AbortSignal,
): Promise<void> {
  const ingress = await ingressOf(context, replica.service);
  const timeoutMs = context.project.services.find(({ name }) => name === replica.service)?.ingress.drainTimeoutMs ?? 0;
  const empty = await ingress?.drain(container, { timeoutMs, signal });
  if (empty === false) {
    const message = `${container} still had requests in flight after ${timeoutMs / 1000} s of draining; what is still in flight when it stops is cut.`;
    context.report({ type: 'warning', timeMs: context.clock.now(), message });
  }
}

/** The file is for show: a replica that does not tell it is no reason to take a deploy back. */
async function ask(
  context: RolloutContext,
  { replica, container, path, replaces }: Extract<Step, { kind: 'ask-replica' }>,
): Promise<StepResult | undefined> {
  const { engine, ledger, report, clock } = context;
  const [target] = await targets(context, replica, await inspect(context, container));
  if (target === undefined) return undefined;
  try {
    const file = await askReplica(engine, target, path);
    await ledger.updateContainer(container, { file });
    const replaced = replaces === undefined ? undefined : (await ledger.readContainer(replaces))?.file;
    return { file, ...(replaced !== undefined && { replaced }) };
  } catch (error) {
    const message = `${replicaName(replica)} did not tell its file at ${path}: ${error instanceof Error ? error.message : String(error)}`;
    report({ type: 'warning', timeMs: clock.now(), message });
    return undefined;
  }
}

async function inspect({ engine }: RolloutContext, container: string): Promise<ContainerDetails> {
  const details = await engine.inspectContainer(container);
  if (details === undefined)
    throw new LobbieError('GATE_FAILED', `Container ${container} was removed by someone else.`, {
      hint: 'Deploy again.',
    });
  return details;
}

async function targets(
  context: RolloutContext,
  replica: ReplicaId,
  { addresses }: ContainerDetails,
): Promise<DialTarget[]> {
  const { ports } = serviceOf(context, replica.service);
  const address = Object.values(addresses)[0];
  if (address === undefined) return [];
  const via = async () => (await runningIngress(context, replica.service))?.id;
  return [...new Set(ports.map(({ target }) => target))].map((port) => ({ address, port, via }));
}
