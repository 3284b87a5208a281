import type { ObservedState } from '../../model/observed.ts';

/** Ids by name of what may be given another name while a plan that names it is carried out. */
export const namesToIds = ({ ingresses, composeContainers }: ObservedState): Map<string, string> =>
  new Map([...ingresses, ...composeContainers].map(({ container, containerId }) => [container, containerId]));
