import type { StepKind } from '../model/step.ts';

/** How many steps may make an engine with so many cores work at the same time. */
export const mostAtOnce = (cpus: number): number => Math.max(8, 2 * cpus);

/**
 * Steps that make the engine work and then are done by themselves. All others mostly wait: for a container to answer, to
 * empty or to stop, and maybe for what another step starts. They never count, so a waiting step cannot keep from
 * starting what it waits for.
 */
const WORK: ReadonlySet<StepKind> = new Set<StepKind>([
  'build-image',
  'create-network',
  'create-volume',
  'prepare-history',
  'create-ingress',
  'start-ingress',
  'create-replica',
  'start-replica',
  'remove-ingress',
  'remove-former',
  'remove-network',
]);

/** Whether a step makes the engine work. */
export const isWork = (kind: StepKind): boolean => WORK.has(kind);
