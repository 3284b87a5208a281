import { readIngressState } from '../ingress/config-file.ts';
import { findLedger } from '../ledger/find-ledger.ts';
import { ensureKeeper, type Keeper } from '../ledger/keeper.ts';
import { acquireLease, type Lease, leaseHolder } from '../ledger/lease.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import type { Engine } from '../model/engine.ts';
import type { Event, Report } from '../model/events.ts';
import type { Receipt } from '../model/results.ts';
import { secretsOf } from '../model/secrets.ts';
import { planRollout } from '../plan/plan-rollout.ts';
import type { Acting } from './acts/acting.ts';
import { applyPlan } from './apply-plan.ts';
import { checkNotOvertaken } from './checks/check-not-overtaken.ts';
import { checkTwice } from './checks/check-twice.ts';
import { clearFileVolumes } from './files/file-volumes.ts';
import { openGateEvents } from './gate/gate-events.ts';
import type { Given } from './given/given.ts';
import type { RolloutRequest } from './given/request.ts';
import type { Surroundings } from './given/surroundings.ts';
import { ensureIngressImage, findIngressImage, type IngressImage } from './images/ensure-ingress-image.ts';
import { clearErrands } from './observe/errands.ts';
import { namesToIds } from './observe/names-to-ids.ts';
import { observe } from './observe/observe.ts';
import { type Prepared, prepare } from './prepare.ts';
import { type ApplyOptions, unchangedReceipt } from './record/receipt.ts';
import { isTakenOver, recordOrigin } from './record/record-origin.ts';
import { redactionOf } from './record/redact.ts';

/**
 * Deploys: plans, takes the lease, plans again with nobody beside it, carries the plan out or takes it back. Nothing to
 * do is found without the lease.
 */
export async function rollOut(outer: Surroundings, request: RolloutRequest): Promise<Receipt> {
  const events: Event[] = [];
  let redaction = redactionOf([request.project]);
  const report: Report = (event) => {
    events.push(event);
    outer.report(redaction.event(event));
  };
  const surroundings = { ...outer, report };
  const { engine, clock, newRelease } = surroundings;
  const startedMs = clock.now();
  const [found, ingressImage] = await Promise.all([
    ledgerOf(engine, request),
    findIngressImage(surroundings, request.asDeployed ? request.project.name : undefined),
  ]);
  let ledger = found;
  const deployed = ledger.state.current?.project;
  if (deployed !== undefined) redaction = redactionOf([request.project, deployed]);
  const release = newRelease();
  const leasing = leaseOf(surroundings, request, ingressImage);
  try {
    // What changes something for sure need not look first: the lease is taken while the images are looked at.
    if (ledger.state.current === null || request.recreate.length > 0) leasing.begin();
    const look = (wanted: RolloutRequest) => prepare(surroundings, wanted, ledger, ingressImage, release);
    let first = await look(builtLater(request));
    const builds = hasBuilds(first, request);
    // What would stop the plan half-way is told before minutes are spent on a build.
    const begin = async (): Promise<void> => {
      first = await checkTwice(engine, first, async () => {
        const { name } = request.project;
        if ((await leaseHolder(engine, name)) !== undefined) await leasing.begin();
        const before = ledger.state;
        ledger = (await findLedger(engine, name)).ledger;
        checkNotOvertaken(before, ledger.state, request);
        return look(builtLater(request));
      });
      report(started(first, request, startedMs));
    };
    if (builds) {
      await begin();
      first = await look(request);
    }
    for (const message of first.warnings) report({ type: 'warning', timeMs: clock.now(), message });
    if (first.plan.steps.length === 0 && !first.observed.leftovers) {
      const receipt = await unchangedReceipt(first.given, first, startedMs);
      if (isTakenOver(ledger.state.current, request.origin)) {
        await leasing.begin();
        await recordOrigin(engine, ledger, request);
      }
      return receipt;
    }
    if (!builds) await begin();
    const lease = await leasing.begin();
    const again = (held: Ledger) => prepare(surroundings, request, held, ingressImage, release);
    return redaction.receipt(await rollOutUnderLease(first, lease, again, { startedMs, events }));
  } catch (error) {
    throw redaction.error(error);
  } finally {
    await leasing.end();
  }
}

/**
 * What {@link rollOut} would do; tells what would stop it before anything changes. It builds nothing, unless the request
 * says to build whatever is there: then nobody knows what that gives without building it.
 */
export async function planOnly(surroundings: Surroundings, request: RolloutRequest): Promise<Prepared> {
  const { engine } = surroundings;
  const redaction = redactionOf([request.project]);
  const report: Report = (event) => surroundings.report(redaction.event(event));
  try {
    const [ledger, ingressImage] = await Promise.all([
      ledgerOf(engine, request),
      findIngressImage({ ...surroundings, report }, request.asDeployed ? request.project.name : undefined),
    ]);
    const release = surroundings.newRelease();
    const dry = request.images?.build === 'always' ? request : builtLater(request);
    const look = (seen: Ledger) => prepare({ ...surroundings, report }, dry, seen, ingressImage, release);
    return await checkTwice(engine, await look(ledger), async () =>
      look((await findLedger(engine, request.project.name)).ledger),
    );
  } catch (error) {
    throw redaction.error(error);
  }
}

const ledgerOf = async (engine: Engine, { ledger, project }: RolloutRequest): Promise<Ledger> =>
  ledger ?? (await findLedger(engine, project.name)).ledger;

/** The same request, with nothing built yet. */
const builtLater = (request: RolloutRequest): RolloutRequest => ({
  ...request,
  images: { ...request.images, build: request.images?.build === 'never' ? 'never' : 'later' },
});

const hasBuilds = ({ plan }: Prepared, { images, asDeployed }: RolloutRequest): boolean =>
  !asDeployed && (images?.build === 'always' || plan.steps.some(({ step }) => step.kind === 'build-image'));

/** Another command may have changed things between the first look and the lease: from here on nobody does. */
async function rollOutUnderLease(
  first: Prepared,
  lease: Lease,
  again: (ledger: Ledger) => Promise<Prepared>,
  options: ApplyOptions,
): Promise<Receipt> {
  const { engine, signal, projectName } = first.given;
  let { sessions } = first.found;
  const gateEvents = openGateEvents(engine, projectName);
  try {
    signal.throwIfAborted();
    const { prepared, keeper } = await lookAgain(first, again);
    const { observed, given, found, desired } = prepared;
    sessions = found.sessions;
    // Another command did it meanwhile.
    if (prepared.plan.steps.length === 0) return await unchangedReceipt(given, prepared, options.startedMs);
    for (const { containerId, config } of observed.ingresses) if (config) found.told.set(containerId, config);
    const acting: Acting = {
      ...given,
      ...found,
      lease,
      keeper,
      ids: namesToIds(observed),
      events: options.events,
      secrets: secretsOf(desired.project),
      gateEvents,
    };
    return await withoutOldVolumes(given, await applyPlan(acting, prepared, options));
  } finally {
    gateEvents.close();
    for (const session of sessions.values()) (await session.catch(() => undefined))?.close();
  }
}

/** What a container that is gone had its configs and secrets in goes too; a failure of that is only told. */
async function withoutOldVolumes({ engine, info, projectName }: Given, receipt: Receipt): Promise<Receipt> {
  if (!info.volumeSubpaths) return receipt;
  try {
    await clearFileVolumes(engine, projectName);
    return receipt;
  } catch (error) {
    return { ...receipt, warnings: [...receipt.warnings, error instanceof Error ? error.message : String(error)] };
  }
}

async function lookAgain(
  first: Prepared,
  again: (ledger: Ledger) => Promise<Prepared>,
): Promise<{ prepared: Prepared; keeper: Keeper }> {
  const { given, desired, request } = first;
  const { engine } = given;
  const { project } = desired;
  // What is about to be changed is read from where it is, and while the ledger is.
  const read = new Map(
    first.observed.ingresses.map(({ containerId }) => [containerId, readIngressState(engine, containerId)] as const),
  );
  for (const reading of read.values()) reading.catch(() => undefined);
  const [keeper] = await Promise.all([
    ensureKeeper(engine, project.name, project.history?.source),
    clearErrands(engine, project.name),
    clearFileVolumes(engine, project.name),
  ]);
  const ledger = await openLedger(engine, keeper, given.ledger.key);
  checkNotOvertaken(given.ledger.state, ledger.state, request);
  // Another first deploy began and ended meanwhile: fingerprints made with the key it did not take match nothing.
  if (ledger.key !== given.ledger.key) return { keeper, prepared: await again(ledger) };
  const told = (id: string) => read.get(id) ?? readIngressState(engine, id);
  const observed = await observe(engine, project, first.observed.images, ledger, told);
  const plan = planRollout(desired, observed);
  return { keeper, prepared: { ...first, observed, plan, given: { ...given, ledger } } };
}

/** The lease, taken at the first `begin`; `end` frees it whatever became of the taking. */
function leaseOf(surroundings: Surroundings, { project }: RolloutRequest, ingressImage: IngressImage) {
  const { engine, clock, holder } = surroundings;
  let taking: Promise<Lease> | undefined;
  const take = async (): Promise<Lease> => {
    const image = await ensureIngressImage(surroundings, ingressImage);
    return acquireLease(engine, clock, { project: project.name, image, holder });
  };
  return {
    begin(): Promise<Lease> {
      taking ??= take();
      // Whoever waits for it is told; until then its failure is nobody's.
      taking.catch(() => undefined);
      return taking;
    },
    async end(): Promise<void> {
      await (await taking?.catch(() => undefined))?.unlock();
    },
  };
}

const started = ({ desired, given }: Prepared, { command }: RolloutRequest, timeMs: number): Event => ({
  type: 'deploy-started',
  timeMs,
  command,
  project: desired.project.name,
  release: desired.release,
  engine: `Docker Engine ${given.info.version} at ${given.engine.endpoint.url}`,
  services: desired.project.services.map(({ name }) => name),
});
