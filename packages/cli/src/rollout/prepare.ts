import pLimit from 'p-limit';
import type { Ledger } from '../ledger/ledger.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import { networkName, type Project } from '../model/project.ts';
import type { Release, ReleaseId } from '../model/release.ts';
import type { Service } from '../model/service.ts';
import { decideFront, type Evidence } from '../plan/decide-front.ts';
import type { Desired } from '../plan/desired.ts';
import { planRollout } from '../plan/plan-rollout.ts';
import { ingressSpecHash, specHash } from '../plan/spec-hash.ts';
import { type Found, newFound } from './acts/acting.ts';
import { checkProject } from './checks/check-project.ts';
import { warningsOf } from './checks/warnings-of.ts';
import { settleFiles } from './files/service-files.ts';
import type { Given } from './given/given.ts';
import type { RolloutRequest } from './given/request.ts';
import type { Surroundings } from './given/surroundings.ts';
import { resolveImages } from './images/resolve-images.ts';
import { addSpoken, gatherEvidence } from './observe/gather-evidence.ts';
import { observe } from './observe/observe.ts';
import { projectOf, withDependencies } from './observe/project-of.ts';
import { toldIngress } from './observe/told-ingress.ts';

/** A plan and its input. `--dry-run` ends here. */
export interface Prepared {
  readonly desired: Desired;
  readonly observed: ObservedState;
  readonly plan: Plan;
  /** Warnings to show before the plan is carried out. */
  readonly warnings: readonly string[];
  readonly request: RolloutRequest;
  readonly given: Given;
  readonly found: Found;
}

/** The project after a request: services that must not change are as deployed. */
export const intendedProject = (request: RolloutRequest, current: Release | undefined): Project =>
  projectOf(request.project, servicesOf(request), current?.project);

const servicesOf = ({ project, only }: RolloutRequest): string[] | undefined => only && withDependencies(project, only);

/**
 * Collects the desired and the observed state, and plans. Pulls images that are missing or must be updated, and builds
 * changed ones; changes nothing else.
 */
export async function prepare(
  surroundings: Surroundings,
  request: RolloutRequest,
  ledger: Ledger,
  release: ReleaseId,
): Promise<Prepared> {
  const { engine } = surroundings;
  const only = servicesOf(request);
  const asDeployed = (service: string): boolean =>
    request.asDeployed || (only !== undefined && !only.includes(service));
  const [{ project: resolved, images, builds, traits }, info] = await Promise.all([
    resolveImages(surroundings, intendedProject(request, ledger.state.current ?? undefined), {
      asDeployed,
      key: ledger.key,
      options: request.images ?? {},
    }),
    engine.info(),
  ]);
  checkProject(resolved, traits);
  const observed = await observe(engine, resolved, images, ledger, (id) => toldIngress(engine, ledger, id));
  const checks = pLimit(Math.max(1, info.cpus));
  const evidence = await gatherEvidence({ engine, checks }, resolved, traits, observed);
  const { history: from, leaving } = ledger.state;
  const wanted = (project: Project): Desired => ({
    project,
    release,
    recreate: request.recreate,
    ...(only && { only }),
    removeOrphans: request.removeOrphans ?? false,
    ...(from !== null && project.history && from !== project.history.source && { historyFrom: from }),
    ...(leaving !== null && { leavesHistory: leaving }),
    traits,
    builds,
    ...hashesOf(project, traits, images, ledger),
  });
  const decide = (known: ReadonlyMap<string, Evidence>): Desired => wanted(withFronts(resolved, traits, known));
  let desired = decide(evidence);
  let plan = planRollout(desired, observed);
  // The protocol of connections matters only if two containers are about to run at the same time.
  const spoken = await addSpoken(surroundings, { desired, observed, plan }, evidence);
  if (spoken !== undefined) {
    desired = decide(spoken);
    plan = planRollout(desired, observed);
  }
  const given: Given = {
    ...surroundings,
    projectName: desired.project.name,
    release,
    ledger,
    info,
    checks,
  };
  const found = newFound(desired.project);
  await settleFiles({ ...given, ...found }, plan);
  return { request, desired, observed, plan, warnings: warningsOf(desired, observed, plan, info), given, found };
}

/** The services with the decisions about their ingresses. */
const withFronts = (project: Project, traits: Desired['traits'], evidence: ReadonlyMap<string, Evidence>): Project => ({
  ...project,
  services: project.services.map((service) => {
    const known = evidence.get(service.name);
    return known === undefined ? service : { ...service, front: decideFront(service, traits[service.name], known) };
  }),
});

function hashesOf(
  { services, networks }: Project,
  traits: Desired['traits'],
  images: Readonly<Record<string, string>>,
  { key, state: { current } }: Ledger,
): Pick<Desired, 'specHashes' | 'sameImageHashes' | 'ingressSpecHashes'> {
  const namesOf = (service: Service): string[] => service.networks.map((one) => networkName(networks, one.key));
  const each = (hash: (service: Service) => string): Record<string, string> =>
    Object.fromEntries(services.map((service) => [service.name, hash(service)]));
  const unbuilt = services.flatMap((service) => {
    const deployed = current?.images[service.name];
    return images[service.image] === undefined && deployed !== undefined ? [{ service, deployed }] : [];
  });
  return {
    sameImageHashes: Object.fromEntries(
      unbuilt.map(({ service, deployed }) => [service.name, specHash(service, deployed, key, namesOf(service))]),
    ),
    specHashes: each((service) => specHash(service, images[service.image], key, namesOf(service))),
    ingressSpecHashes: each((service) => ingressSpecHash(service, traits[service.name], namesOf(service), key)),
  };
}
