import { LobbieError, reworded } from '../../model/errors.ts';
import { replicaName } from '../../model/service.ts';
import { explainMountFailure } from '../files/explain-mount-failure.ts';
import { filesOf } from '../files/service-files.ts';
import { recogniseReplica } from '../ingresses/recognise-replica.ts';
import type { Acting } from './acting.ts';
import { type Creation, createReplica } from './create-replica.ts';

/**
 * Starts a replica's container. Creates it if no step has. Records it in the ledger before it runs, so that it is
 * never lost. Returns the container's id.
 */
export async function startReplica(context: Acting, step: Creation): Promise<string> {
  const { engine, ledger, clock, release, made } = context;
  const { replica, container, input } = step;
  const { service, ingressChanges } = input;
  const files = await filesOf(context, input);
  const id = made.get(container) ?? (await createReplica(context, step));
  // An ingress that starts, stops or changes meanwhile need not know it. The one that serves then learns of it before
  // the gate.
  const recognise = async (): Promise<void> => {
    if (!ingressChanges) await recogniseReplica(context, replica, container);
  };
  const recognised = recognise();
  recognised.catch(() => undefined);
  const record = { id, name: container, replica, release, image: service.image, startedAtMs: clock.now() };
  // Before the start: a container that ran is in the history, even if lobbie is killed and the container is removed.
  await Promise.all([ledger.recordContainer(record), recognised]);
  await engine.startContainer(id).catch((error: unknown) => {
    const explained = explainMountFailure(error, service.name, files);
    throw explained === error ? notStarted(error, step) : explained;
  });
  await recognise();
  return id;
}

/** The engine's error names the container, but users know the replica. */
function notStarted(error: unknown, { replica, container }: Pick<Creation, 'replica' | 'container'>): unknown {
  if (!(error instanceof LobbieError)) return error;
  const { details, hint, facts } = error;
  if (facts.refusal === undefined) return error;
  return reworded(error, {
    message: `Replica ${replicaName(replica)} could not start: ${facts.refusal.why}`,
    details: [`container    ${container}`, ...details.map((line) => `the engine   ${line}`)],
    hint: `${hint === undefined ? '' : `${hint}\n`}Fix the service and deploy again.`,
  });
}
