import type { Ledger } from '../../ledger/ledger.ts';
import { findContainers, poserWords } from '../../ledger/own-containers.ts';
import type { ContainerSummary } from '../../model/container.ts';
import { LABEL } from '../../model/names.ts';
import type { Surroundings } from '../given/surroundings.ts';

/** All containers that lobbie made for a project. Warns about others with its labels. */
export async function findAndTell(
  { engine, clock, report }: Pick<Surroundings, 'engine' | 'clock' | 'report'>,
  project: string,
  ledger?: Ledger,
): Promise<readonly ContainerSummary[]> {
  const { own, posers } = await findContainers(engine, project, {}, ledger);
  for (const poser of posers) report({ type: 'warning', timeMs: clock.now(), message: poserWords(poser) });
  return own;
}

/** The containers with this role, by their label. */
export const withRole = (containers: readonly ContainerSummary[], role: string): ContainerSummary[] =>
  containers.filter(({ labels }) => labels[LABEL.role] === role);
