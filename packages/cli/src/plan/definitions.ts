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

/** The definitions of a service by which its containers are stopped and run again. */
export interface Definitions {
  /** As it is rolled out; where the project no longer has it, as it was deployed last. */
  readonly known: Service | undefined;
  /** As it was deployed last; undefined before the first release. */
  readonly released: Service | undefined;
  /** As its containers were made: as deployed last, or before the first release as it is rolled out. */
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

/** The engine's own, for containers of services that no project describes. */
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

/** The name of an ingress that was there before. */
export const nameInput = ({ released }: Definitions, container: string): NameInput => ({
  name: (released && ingressContainerName(released)) ?? container,
});
