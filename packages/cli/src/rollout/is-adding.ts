import type { StepKind } from '../model/step.ts';

/**
 * Steps that only add something. An undo removes it again or leaves it unused, and what serves stays as it is. They may
 * run while the lease is still starting.
 */
const ADDING: ReadonlySet<StepKind> = new Set<StepKind>([
  'build-image',
  'create-network',
  'create-volume',
  'prepare-history',
  'create-ingress',
  'start-ingress',
  'create-replica',
  'start-replica',
]);

/** Whether a step only adds something. */
export const isAdding = (kind: StepKind): boolean => ADDING.has(kind);
