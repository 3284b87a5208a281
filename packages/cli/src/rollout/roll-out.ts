import pLimit from 'p-limit';
import { findLedger } from '../ledger/find-ledger.ts';
import { ensureKeeper, type Keeper } from '../ledger/keeper.ts';
import { acquireLease } from '../ledger/lease.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { Event, Report } from '../model/events.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import type { ReleaseId } from '../model/release.ts';
import type { Receipt } from '../model/results.ts';
import type { Desired } from '../plan/desired.ts';
import { planRollout } from '../plan/plan-rollout.ts';
import { ingressSpecHash, specHash } from '../plan/spec-hash.ts';
import { applyPlan } from './apply-plan.ts';
import { checkForeign } from './check-foreign.ts';
import type { RolloutContext, Surroundings } from './context.ts';
import { ensureIngressImage, findIngressImage, type IngressImage } from './ensure-ingress-image.ts';
import { clearErrands } from './errands.ts';
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
  readonly context: Omit<RolloutContext, 'lease' | 'gateEvents' | 'keeper'>;
}

/** Collects what is wanted and what is there, and plans. Pulls missing base images; changes nothing else. */
export async function prepare(
  surroundings: Surroundings,
  request: RolloutRequest,
  release: ReleaseId = surroundings.newRelease(),
): Promise<Prepared> {
  const { engine } = surroundings;
  const finding = findLedger(engine, request.project.name);
  const key = finding.then(({ ledger }) => ledger.key);
  // Where nothing is built nobody asks for the key; its failure is that of `finding`, which is waited for.
  key.catch(() => undefined);
  const [{ project, images, builds }, ingress, { ledger }, info] = await Promise.all([
    resolveImages(surroundings, request.project, request.asDeployed, key),
    findIngressImage(surroundings),
    finding,
    engine.info(),
  ]);
  const networks = Object.fromEntries(project.networks.map(({ key, name }) => [key, name]));
  const desired: Desired = {
    project,
    release,
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
    const { prepared, keeper } = await prepareAgain(surroundings, request, first);
    // Another command did it meanwhile.
    if (prepared.plan.steps.length === 0) return await unchangedReceipt(prepared, startedMs);
    const context = { ...prepared.context, keeper, lease, gateEvents };
    return await applyPlan(context, prepared, { command: request.command, startedMs, events });
  } finally {
    gateEvents.close();
    for (const session of first.context.sessions.values()) (await session.catch(() => undefined))?.close();
    await lease.release();
  }
}

/** Another command may have changed things between the first look and the lease: from here on nobody does. */
async function prepareAgain(
  surroundings: Surroundings,
  request: RolloutRequest,
  first: Prepared,
): Promise<{ prepared: Prepared; keeper: Keeper }> {
  const { engine } = surroundings;
  const { project, sessions } = first.context;
  const [keeper] = await Promise.all([
    ensureKeeper(engine, project.name, project.history?.source),
    clearErrands(engine, project.name),
  ]);
  const ledger = await openLedger(engine, keeper);
  await ledger.begin();
  if (ledger.key !== first.context.ledger.key) {
    // Fingerprints made with a provisional key would not be found again.
    const again = await prepare(surroundings, request, first.desired.release);
    return { keeper, prepared: { ...again, context: { ...again.context, sessions } } };
  }
  const observed = await observe(engine, project, first.observed.images, ledger);
  const plan = planRollout(first.desired, observed);
  return { keeper, prepared: { ...first, observed, plan, context: { ...first.context, ledger } } };
}
