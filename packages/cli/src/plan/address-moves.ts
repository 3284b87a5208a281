import { isAlive } from '../model/is-alive.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Readdressed } from '../model/plan.ts';
import { networkName } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import { namesAtIngress } from '../model/service-names.ts';
import { dependenciesOf, lenderOf } from './dependencies.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { isNameShared, movedIn } from './moved-names.ts';
import { dataOf } from './rolling-of.ts';

/** Consequences of names that lead to another address after a rollout. */
export interface AddressMoves {
  /** By service: why its containers are replaced although the service itself did not change. */
  readonly renewed: ReadonlyMap<string, string>;
  /** By service: the services whose new address it looks up. They serve before it starts. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** As `after`, for services that wait for each other: the ingress runs before the service starts. */
  readonly beside: ReadonlyMap<string, readonly string[]>;
  /** By service: the services whose name must lead to their ingress while other containers also have the name. */
  readonly viaIngress: ReadonlyMap<string, readonly string[]>;
  /** Services that keep running, or would if no other service got another address. */
  readonly readdressed: readonly Readdressed[];
}

export const NO_MOVES: AddressMoves = {
  renewed: new Map(),
  after: new Map(),
  beside: new Map(),
  viaIngress: new Map(),
  readdressed: [],
};

/** Finds the names that move with these steps, and the services that call them. */
export function addressMoves(
  desired: Desired,
  observed: ObservedState,
  planned: ReadonlyMap<string, ServiceSteps>,
): AddressMoves {
  const { services } = desired.project;
  const renewed = new Map<string, string>();
  const after = new Map<string, string[]>();
  const beside = new Map<string, string[]>();
  const viaIngress = new Map<string, string[]>();
  const readdressed: Readdressed[] = [];
  for (const moved of services) {
    const steps = planned.get(moved.name);
    const networks = steps === undefined ? [] : movedIn(moved, desired, observed, steps);
    if (networks.length === 0) continue;
    for (const caller of services) {
      if (!mayLose(caller, moved, networks, desired)) continue;
      if (namesAtIngress(moved) && isNameShared(moved, observed)) add(viaIngress, caller.name, moved.name);
      add(waitsFor(moved, caller, services, after) ? beside : after, caller.name, moved.name);
      const stays = observed.replicas.some(
        (one) =>
          one.replica.service === caller.name && isAlive(one) && one.specHash === desired.specHashes[caller.name],
      );
      const replaced = dataOf(caller, desired.traits[caller.name]) === undefined;
      if (!stays || caller.job || (!replaced && starts(planned.get(caller.name)))) continue;
      if (replaced) renewed.set(caller.name, `${moved.name} gets another address`);
      readdressed.push({ service: caller.name, calls: moved.name, replaced });
    }
  }
  return { renewed, after, beside, viaIngress, readdressed };
}

/** Whether both lead to the same plan. */
export const sameMoves = (one: AddressMoves, other: AddressMoves): boolean => textOf(one) === textOf(other);

const textOf = ({ renewed, after, beside, viaIngress, readdressed }: AddressMoves): string =>
  JSON.stringify([[...renewed.keys()], [...after], [...beside], [...viaIngress], readdressed]);

function mayLose(caller: Service, moved: Service, networks: readonly string[], { project }: Desired): boolean {
  if (caller === moved) return false;
  const { services } = project;
  const names = networksOf(caller, services).map((key) => networkName(project.networks, key));
  // A service that shares its network looks names up there.
  const sharing = services.filter((one) => one !== moved && lenderOf(one.networkMode) === caller.name);
  return names.some((name) => networks.includes(name)) && [caller, ...sharing].some((one) => isCalledBy(moved, one));
}

const isCalledBy = ({ name }: Service, { calls = [], dependsOn }: Service): boolean =>
  calls.includes(name) || dependsOn.some(({ service }) => service === name);

/** The networks of a service: its own, or those of the service whose network it shares. */
function networksOf(service: Service, services: readonly Service[]): string[] {
  const lender = services.find(({ name }) => name === lenderOf(service.networkMode));
  return lender === undefined || lender === service
    ? service.networks.map(({ key }) => key)
    : networksOf(
        lender,
        services.filter((one) => one !== service),
      );
}

/** Whether a service waits for another, because of the file or an added order. */
function waitsFor(
  service: Service,
  other: Service,
  services: readonly Service[],
  added: ReadonlyMap<string, readonly string[]>,
): boolean {
  const seen = new Set([service.name]);
  for (const name of seen) {
    const one = services.find((candidate) => candidate.name === name);
    for (const dependency of one === undefined ? [] : dependenciesOf(one)) seen.add(dependency.service);
    for (const next of added.get(name) ?? []) seen.add(next);
  }
  return seen.has(other.name);
}

const starts = (steps: ServiceSteps | undefined): boolean =>
  steps?.before.some(({ step }) => step.kind === 'start-replica') ?? false;

const add = (map: Map<string, string[]>, key: string, value: string): void =>
  void map.set(key, [...(map.get(key) ?? []), value]);
