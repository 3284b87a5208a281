import type { ContainerStateName } from './container.ts';

/** Whether a container may be running, or come back by itself. */
export const isAlive = ({ state }: { readonly state: ContainerStateName }): boolean => ALIVE[state];

const ALIVE: Readonly<Record<ContainerStateName, boolean>> = {
  created: false,
  running: true,
  paused: true,
  restarting: true,
  removing: false,
  exited: false,
  dead: false,
};
