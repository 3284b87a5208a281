import pLimit from 'p-limit';
import { ensureKeeper } from '../ledger/keeper.ts';
import { acquireLease } from '../ledger/lease.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { Event, Report } from '../model/events.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import type { Receipt } from '../model/results.ts';
import type { Desired } from '../plan/desired.ts';
import { planRollout } from '../plan/plan-rollout.ts';
import { ingressSpecHash, specHash } from '../plan/spec-hash.ts';
import { applyPlan } from './apply-plan.ts';
import { checkForeign } from './check-foreign.ts';
import type { RolloutContext, Surroundings } from './context.ts';
import { ensureIngressImage, findIngressImage, type IngressImage } from './ensure-ingress-image.ts';
import { openGateEvents } from './gate-events.ts';
import { observe } from './observe.ts';
import { unchangedReceipt } from './receipt.ts';
import { resolveImages } from './resolve-images.ts';

/** What a command wants done. */
export interface RolloutRequest {
  readonly project: Project;
  /** `deploy`, `recreate`, `scale`: for the ledger. */
  readonly command: string;
  /** Services whose replicas are replaced though nothing changed. */
  readonly recreate: readonly string[];
  /** The project comes from the ledger: nothing is built. */
  readonly asDeployed: boolean;
}

/** A plan and what it was made from; `--dry-run` ends here. */
export interface Prepared {
  readonly desired: Desired;
  readonly observed: ObservedState;
  readonly plan: Plan;
  readonly ingressImage: IngressImage;
  readonly context: Omit<RolloutContext, 'lease' | 'gateEvents'>;
}

/** Collects what is wanted and what is there, and plans. Pulls missing base images; changes nothing else. */
export async function prepare(surroundings: Surroundings, request: RolloutRequest): Promise<Prepared> {
  const { engine } = surroundings;
  const [resolved, ingress, ledgerAndKeeper, info] = await Promise.all([
    resolveImages(surroundings, request.project, request.asDeployed),
    findIngressImage(surroundings),
    openProjectLedger(surroundings, request.project),
    engine.info(),
  ]);
  const { project, images, builds } = resolved;
  const { keeper, ledger } = ledgerAndKeeper;
  const networks = Object.fromEntries(project.networks.map(({ key, name }) => [key, name]));
  const desired: Desired = {
    project,
    release: surroundings.newRelease(),
    recreate: request.recreate,
    specs: Object.fromEntries(
      project.services.map((service) => [service.name, specHash(service, images[service.image], ledger.key)]),
    ),
    ingressSpecs: Object.fromEntries(
      project.services.map((service) => [
        service.name,
        ingressSpecHash(
          service,
          service.networks.map((key) => networks[key] ?? key),
          ingress.image,
          ledger.key,
        ),
      ]),
    ),
  };
  const observed = await observe(engine, project, images, ledger);
  const context = {
    ...surroundings,
    project,
    release: desired.release,
    ledger,
    keeper,
    info,
    ingressImage: ingress.image,
    builds,
    checks: pLimit(Math.max(1, info.cpus)),
    sessions: new Map(),
  };
  return { desired, observed, plan: planRollout(desired, observed), ingressImage: ingress, context };
}

/**
 * Deploys: plans, takes the lease, plans again with nobody beside it, carries the plan out or takes it back. Nothing to
 * do is found without the lease.
 */
export async function rollOut(outer: Surroundings, request: RolloutRequest): Promise<Receipt> {
  const events: Event[] = [];
  const report: Report = (event) => {
    events.push(event);
    outer.report(event);
  };
  const surroundings = { ...outer, report };
  const { engine, clock, signal, holder } = surroundings;
  const startedMs = clock.now();
  const first = await prepare(surroundings, request);
  if (first.plan.steps.length === 0 && first.observed.unfinished === undefined)
    return unchangedReceipt(first, startedMs);
  await checkForeign(engine, first.plan, first.desired.project);
  report({
    type: 'deploy-started',
    timeMs: startedMs,
    command: request.command,
    project: request.project.name,
    release: first.desired.release,
    engine: `Docker Engine ${first.context.info.version} at ${engine.endpoint.url}`,
  });
  const ingressImage = await ensureIngressImage(surroundings, first.ingressImage);
  const lease = await acquireLease(engine, clock, { project: request.project.name, image: ingressImage, holder });
  const gateEvents = openGateEvents(engine, request.project.name);
  try {
    signal.throwIfAborted();
    const held = await replan(first);
    // Another command did it meanwhile.
    if (held.plan.steps.length === 0) return await unchangedReceipt(held, startedMs);
    const context = { ...held.context, lease, gateEvents };
    return await applyPlan(context, held, { command: request.command, startedMs, events });
  } finally {
    gateEvents.close();
    for (const session of first.context.sessions.values()) (await session.catch(() => undefined))?.close();
    await lease.release();
  }
}

async function openProjectLedger({ engine }: Surroundings, project: Project) {
  const keeper = await ensureKeeper(engine, project.name, project.history?.source);
  return { keeper, ledger: await openLedger(engine, keeper) };
}

/** Another command may have changed things between the first look and the lease. */
async function replan(first: Prepared): Promise<Prepared> {
  const { engine, keeper, project } = first.context;
  const ledger = await openLedger(engine, keeper);
  const observed = await observe(engine, project, first.observed.images, ledger);
  return { ...first, observed, plan: planRollout(first.desired, observed), context: { ...first.context, ledger } };
}
