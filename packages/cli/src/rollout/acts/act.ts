import type { StepResult } from '../../model/events.ts';
import type { ActOf, ActStep } from '../../model/step.ts';
import { gateOf } from '../gate/gate-of.ts';
import { watchReplica } from '../gate/gate-replica.ts';
import { settlePorts } from '../gate/settle-ports.ts';
import { buildImage } from '../images/build-image.ts';
import {
  configureIngress,
  createIngress,
  ingressOf,
  removeIngress,
  startIngress,
  stopIngress,
  withdrawIngress,
} from '../ingresses/ingress-container.ts';
import { createVolume, removeNetwork } from '../observe/own-networks-and-volumes.ts';
import { commitRelease } from '../record/commit-release.ts';
import { watchAnswers } from '../record/watch-answers.ts';
import { admitReplica, askToReport, drainReplica, proveReplica } from './act-on-replica.ts';
import type { Acting } from './acting.ts';
import { removeComposeContainer, startComposeContainer, stopComposeContainer } from './compose-containers.ts';
import { createNetwork } from './create-network.ts';
import { prepareReplica } from './create-replica.ts';
import { leaveHistory } from './move-history.ts';
import { prepareHistory } from './prepare-history.ts';
import { retireReplica } from './retire-replica.ts';
import { runJob } from './run-job.ts';
import { startReplica } from './start-replica.ts';
import { resumeReplica, stopReplica } from './stop-replica.ts';

/** Does one step and decides nothing. The acts that undo steps are idempotent. */
export async function act(
  context: Acting,
  step: ActStep,
  id: string,
  signal: AbortSignal,
): Promise<StepResult | undefined> {
  switch (step.kind) {
    case 'build-image':
      return void (await buildImage({ ...context, signal }, step.image, step.input.build));
    case 'create-network':
      return void (await createNetwork(context, step.input.network));
    case 'remove-network':
      return void (await removeNetwork(context, step.name));
    case 'create-volume':
      return void (await createVolume(context, step.input.volume));
    case 'prepare-history':
      return void (await prepareHistory(context, step));
    case 'leave-history':
      return void (await leaveHistory(context, step.from, step.source));
    case 'create-ingress':
      return void (await createIngress(context, step));
    case 'start-ingress':
      return void (await startIngress(context, step));
    case 'stop-ingress':
      return void (await stopIngress(context, step.service, step.container));
    case 'remove-ingress':
      return void (await removeIngress(context, step.service, step.container));
    case 'configure-ingress':
      return void (await configureIngress(context, step));
    case 'withdraw-ingress':
      return void (await withdrawIngress(context, step.service, step.container));
    case 'settle-ports':
      return void (await settlePorts(context, step));
    case 'create-replica':
      return void (await prepareReplica(context, step));
    case 'start-replica':
      return void (await startReplica(context, step));
    case 'stop-replica':
      return void (await stopReplica(context, step));
    case 'resume-replica':
      return void (await resumeReplica(context, step, signal));
    case 'gate-replica':
      return void (await proveReplica(context, step, id, signal));
    case 'watch-replica':
      return void (await watchReplica(await gateOf(context, step, id, signal), step.monitorMs));
    case 'watch-answers':
      return void (await watchAnswers(context, step, signal));
    case 'admit-replica':
      return void (await admitReplica(context, step.replica, step.container));
    case 'drain-replica':
      return void (await drainReplica(context, step, signal));
    case 'run-job':
      return void (await runJob(context, step, signal));
    case 'wait':
      return void (await context.clock.sleep(step.delayMs, signal));
    case 'ask-replica':
      return askToReport(context, step);
    case 'stop-former':
      return void (await stopComposeContainer(context, step));
    case 'start-former':
      return void (await startComposeContainer(context, step.container));
    case 'remove-former':
      return void (await removeComposeContainer(context, step.container));
    case 'commit-release':
      return void (await commitRelease(context, step));
    case 'retire-replica':
      return void (await retire(context, step));
    default:
      return step satisfies never;
  }
}

/** Frees its slot last, because it may call its own service by name until it has stopped. */
async function retire(context: Acting, step: ActOf<'retire-replica'>): Promise<void> {
  try {
    await retireReplica(context, step);
  } finally {
    await (await ingressOf(context, step.replica.service))?.free(step.container);
  }
}
