import pLimit from 'p-limit';
import type { Ledger } from '../ledger/ledger.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import type { ReleaseId } from '../model/release.ts';
import type { Desired } from '../plan/desired.ts';
import { planRollout } from '../plan/plan-rollout.ts';
import { ingressSpecHash, specHash } from '../plan/spec-hash.ts';
import type { RolloutContext, Surroundings } from './context.ts';
import type { IngressImage } from './ensure-ingress-image.ts';
import { observe } from './observe.ts';
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
  readonly context: Omit<RolloutContext, 'lease' | 'gateEvents' | 'keeper'>;
}

/** Collects what is wanted and what is there, and plans. Pulls missing base images; changes nothing else. */
export async function prepare(
  surroundings: Surroundings,
  request: RolloutRequest,
  ledger: Ledger,
  { image: ingressImage }: IngressImage,
  release: ReleaseId,
): Promise<Prepared> {
  const { engine } = surroundings;
  const [{ project, images, builds }, info] = await Promise.all([
    resolveImages(surroundings, request.project, request.asDeployed, ledger.key),
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
    ingressImage,
    builds,
    checks: pLimit(Math.max(1, info.cpus)),
    sessions: new Map(),
  };
  return { desired, observed, plan: planRollout(desired, observed), context };
}
