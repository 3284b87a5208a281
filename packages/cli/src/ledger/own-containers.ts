import type { ContainerDetails, ContainerSummary } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import { containerName, errandName, keeperName, LABEL, leaseName } from '../model/names.ts';
import { posingLabels } from '../model/reserved.ts';
import { findLedger } from './find-ledger.ts';
import { imageLabels } from './image-labels.ts';
import type { Ledger } from './ledger.ts';

/** Containers that have a project's labels. */
export interface LabelledContainers {
  /** Those that lobbie made. */
  readonly own: readonly ContainerSummary[];
  /** Containers that only look like lobbie's, with the reason. lobbie does not read, run, change or remove them. */
  readonly posers: readonly { readonly container: ContainerSummary; readonly why: string }[];
}

/** Where the ids of a project's containers are recorded. Read from the engine if absent and needed. */
type Recorded = Pick<Ledger, 'state'> | undefined;

/**
 * Finds a project's containers by their labels, and separates lobbie's own from others. Every list of a project's
 * containers comes from here.
 *
 * A container inherits the labels of its image, so a label alone proves nothing. Proof is one of these: the container
 * has the name that lobbie gives to its role, and its image has none of lobbie's labels (then somebody with access to
 * the engine set the labels); or the ledger has the container's id.
 *
 * @param labels additional labels, such as its role
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

/** Only lobbie's own containers from {@link findContainers}. */
export const ownContainers = async (
  ...wanted: Parameters<typeof findContainers>
): Promise<readonly ContainerSummary[]> => (await findContainers(...wanted)).own;

/** Whether a container found by name or id was made by lobbie for this project. */
export const isOwnContainer = async (
  engine: Engine,
  project: string,
  container: ContainerDetails,
  ledger?: Recorded,
): Promise<boolean> =>
  container.labels[LABEL.project] === project && (await whyNotOwn(engine, project, container, ledger)) === undefined;

/** A sentence about a container that has lobbie's labels but was not made by lobbie. */
export const poserWords = ({ container, why }: LabelledContainers['posers'][number]): string =>
  `Container ${container.name} has lobbie's labels, but lobbie did not create it: ${why}. lobbie does not touch it.`;

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

/** An ingress may have the `container_name` of its service, so its name can be anything. */
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
      return `lobbie has no role "${role}"`;
  }
}

async function whyNotLabelled(engine: Engine, container: ContainerSummary): Promise<string | undefined> {
  const { image, imageId, labels } = container;
  const inherited = await imageLabels(engine, imageId);
  if (inherited !== undefined) {
    const [label] = posingLabels(inherited);
    return label === undefined ? undefined : `its image ${image} has the label ${label}`;
  }
  // A keeper has more checks: see `findKeeper`.
  if (labels[LABEL.role] === 'keeper') return undefined;
  return `its image ${image} is gone, and the ledger does not know the container`;
}
