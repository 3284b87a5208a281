import type { ContainerSummary } from '../../model/container.ts';
import { LABEL } from '../../model/names.ts';

/** Those of a project's containers that have this role, by their label. */
export const withRole = (containers: readonly ContainerSummary[], role: string): ContainerSummary[] =>
  containers.filter(({ labels }) => labels[LABEL.role] === role);
