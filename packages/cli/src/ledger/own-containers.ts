import type { ContainerDetails, ContainerSummary } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import { containerName, errandName, keeperName, LABEL, leaseName } from '../model/names.ts';
import { posingLabels } from '../model/reserved.ts';
import { findLedger } from './find-ledger.ts';
import { imageLabels } from './image-labels.ts';
import type { Ledger } from './ledger.ts';

/** Containers that carry a project's labels. */
export interface LabelledContainers {
  /** Those that lobbie made. */
  readonly own: readonly ContainerSummary[];
  /** Those that only look so, with the reason. lobbie neither reads, runs, changes nor removes them. */
  readonly posers: readonly { readonly container: ContainerSummary; readonly why: string }[];
}

/** Where the ids of a project's containers are recorded; read from the engine where it is absent and needed. */
type Recorded = Pick<Ledger, 'state'> | undefined;

/**
 * Looks for a project's containers by their labels, and tells lobbie's own from the others. Everything that lists
 * containers of a project goes through here.
 *
 * A container inherits the labels of its image, so a label alone proves nothing. What proves it: the container's name
 * is the one that lobbie gives to its role, and its image carries no label of lobbie's; then the labels were set when
 * the container was made, by someone who may use the engine. Or the ledger has the container's id.
 *
 * @param labels that it has besides, such as its role
 */
export async function findContainers(
  engine: Engine,
  project: string,
  labels: Readonly<Record<string, string>> = {},
  ledger?: Recorded,
): Promise<LabelledContainers> {
  const listed = await engine.listContainers({ [LABEL.project]: project, ...labels });
  const reasons = await Promise.all(listed.map((one) => whyNotOwn(engine, project, one, ledger)));
  return {
    own: listed.filter((_, index) => reasons[index] === undefined),
    posers: listed.flatMap((container, index) => {
      const why = reasons[index];
      return why === undefined ? [] : [{ container, why }];
    }),
  };
}

/** Only lobbie's own of {@link findContainers}. */
export const ownContainers = async (
  ...wanted: Parameters<typeof findContainers>
): Promise<readonly ContainerSummary[]> => (await findContainers(...wanted)).own;

/** Whether a container that was found by its name or id is one that lobbie made for this project. */
export const isOwnContainer = async (
  engine: Engine,
  project: string,
  container: ContainerDetails,
  ledger?: Recorded,
): Promise<boolean> =>
  container.labels[LABEL.project] === project && (await whyNotOwn(engine, project, container, ledger)) === undefined;

/** A sentence on a container that carries lobbie's labels and that lobbie did not make. */
export const poserWords = ({ container, why }: LabelledContainers['posers'][number]): string =>
  `Container ${container.name} carries lobbie's labels, and lobbie did not make it: ${why}. It is left alone.`;

async function whyNotOwn(
  engine: Engine,
  project: string,
  container: ContainerSummary,
  ledger: Recorded,
): Promise<string | undefined> {
  const why = whyNotNamed(project, container) ?? (await whyNotLabelled(engine, container));
  // The ledger records replicas and ingresses.
  if (why === undefined || !['replica', 'ingress'].includes(container.labels[LABEL.role] ?? '')) return why;
  const { state } = ledger ?? (await findLedger(engine, project)).ledger;
  const recorded = [
    ...Object.values(state.containers).map(({ id }) => id),
    ...(state.current?.containers ?? []),
    ...Object.keys(state.ingresses),
  ];
  return recorded.includes(container.id) ? undefined : why;
}

/** An ingress may have the `container_name` of its service: any name is right. */
function whyNotNamed(project: string, { name, labels }: ContainerSummary): string | undefined {
  const role = labels[LABEL.role] ?? '';
  const wanted = (expected: string): string | undefined =>
    name === expected ? undefined : `its role is ${role}, and its name is not ${expected}`;
  switch (role) {
    case 'ingress':
      return undefined;
    case 'replica': {
      const replica = { service: labels[LABEL.service] ?? '', index: Number(labels[LABEL.index]) };
      const expected = containerName(project, replica, labels[LABEL.release] ?? '');
      return name === expected ? undefined : `its labels belong to a container named ${expected}`;
    }
    case 'keeper':
      return wanted(keeperName(project));
    case 'lease':
      return wanted(leaseName(project));
    case 'errand':
      return name.startsWith(errandName(project, '')) ? undefined : wanted(errandName(project, '…'));
    default:
      return `no container of lobbie's has the role "${role}"`;
  }
}

async function whyNotLabelled(engine: Engine, container: ContainerSummary): Promise<string | undefined> {
  const { image, imageId, labels } = container;
  const inherited = await imageLabels(engine, imageId);
  if (inherited !== undefined) {
    const [label] = posingLabels(inherited);
    return label === undefined ? undefined : `its image ${image} carries the label ${label}`;
  }
  // A keeper is told by more: see `findKeeper`.
  if (labels[LABEL.role] === 'keeper') return undefined;
  return `its image ${image} is gone, and the ledger does not know the container`;
}
