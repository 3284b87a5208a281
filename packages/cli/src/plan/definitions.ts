import type { ObservedState } from '../model/observed.ts';
import type { Service } from '../model/service.ts';
import { ingressContainerName } from '../model/service-names.ts';
import type {
  ConfigureInput,
  DialInput,
  DrainInput,
  NameInput,
  ResumeInput,
  RetireInput,
  StopInput,
} from '../model/step-inputs.ts';
import { lendersOf } from './dependencies.ts';
import type { Desired } from './desired.ts';
import { peerNetworks } from './ingress-input.ts';

/** The definitions of a service that say how to stop its containers and start them again. */
export interface Definitions {
  /** The current definition; the last deployed one if the project no longer has the service. */
  readonly known: Service | undefined;
  /** The last deployed definition; undefined before the first release. */
  readonly released: Service | undefined;
  /** The definition of the existing containers: the last deployed one, or before the first release the current one. */
  readonly before: Service | undefined;
}

/** The definitions of the service of that name. */
export function definitionsOf(
  name: string,
  { project }: Pick<Desired, 'project'>,
  { current }: Pick<ObservedState, 'current'>,
): Definitions {
  const wanted = project.services.find((one) => one.name === name);
  const released = current?.project.services.find((one) => one.name === name);
  return { known: wanted ?? released, released, before: current === undefined ? wanted : released };
}

/** The engine's default, for containers of services without a definition. */
const DEFAULT_GRACE_MS = 10_000;

export const stopInput = ({ known }: Definitions): StopInput => ({
  graceMs: known?.stopGracePeriodMs ?? DEFAULT_GRACE_MS,
});

export const retireInput = (definitions: Definitions): RetireInput => ({
  ...stopInput(definitions),
  isJob: definitions.known?.job === true,
});

export const drainInput = ({ known }: Pick<Definitions, 'known'>): DrainInput => ({
  timeoutMs: known?.ingress.drainTimeoutMs ?? 0,
});

export const dialInput = ({ known }: Pick<Definitions, 'known'>): DialInput => {
  const proxyProtocol = known?.ingress.proxyProtocol;
  return proxyProtocol === undefined ? {} : { proxyProtocol };
};

export const resumeInput = (definitions: Definitions): ResumeInput => {
  const { before } = definitions;
  return {
    ...dialInput(definitions),
    restart: before?.restart ?? { name: 'no' },
    shares: before !== undefined && lendersOf(before).length > 0,
  };
};

export const configureInput = ({ known }: Definitions, { project }: Pick<Desired, 'project'>): ConfigureInput => ({
  ...(known && { peers: peerNetworks(known, project) }),
});

/** The name of an ingress that existed before. */
export const nameInput = ({ released }: Definitions, container: string): NameInput => ({
  name: (released && ingressContainerName(released)) ?? container,
});
