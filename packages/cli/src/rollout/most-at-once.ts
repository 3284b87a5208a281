import type { StepKind } from '../model/step.ts';

/** How many steps may make an engine with so many cores work at the same time. */
export const mostAtOnce = (cpus: number): number => Math.max(8, 2 * cpus);

/**
 * Steps that make the engine work and then end. All others mostly wait for a container to answer, to drain or to stop,
 * and perhaps for something that another step starts. They do not count, so a waiting step never blocks the step that
 * it waits for.
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
