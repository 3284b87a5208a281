import type { StepKind } from '../model/step.ts';
import { isAdding } from './is-adding.ts';

/** How many steps may make an engine with so many cores work at the same time. */
export const mostAtOnce = (cpus: number): number => Math.max(8, 2 * cpus);

/**
 * Whether a step makes the engine work and then ends. All others mostly wait for a container to answer, to drain or to
 * stop, and perhaps for something that another step starts. They do not count, so a waiting step never blocks the step
 * that it waits for.
 */
export const isWork = (kind: StepKind): boolean => isAdding(kind) || REMOVING.has(kind);

const REMOVING: ReadonlySet<StepKind> = new Set<StepKind>(['remove-ingress', 'remove-former', 'remove-network']);
