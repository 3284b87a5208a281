import type { Engine } from '../../model/engine.ts';
import type { NetworkDetails } from '../../model/engine-spec.ts';
import { LABEL } from '../../model/names.ts';
import type { Volume } from '../../model/project.ts';
import { definitionHash } from '../../plan/spec-hash.ts';
import type { Given } from '../given/given.ts';

/** Creates a volume of the project, with labels so that Docker Compose also accepts it as its own. */
export async function createVolume(
  { engine, projectName, ledger }: Pick<Given, 'engine' | 'projectName' | 'ledger'>,
  definition: Volume,
): Promise<void> {
  const { key, external: _, ...volume } = definition;
  await engine.createVolume({
    ...volume,
    labels: {
      ...volume.labels,
      ...labelsFor(projectName, 'volume'),
      [LABEL.spec]: definitionHash(definition, ledger.key),
      'com.docker.compose.volume': key,
    },
  });
}

/** Removes a network, unless lobbie did not create it. */
export async function removeNetwork(
  { engine, projectName }: Pick<Given, 'engine' | 'projectName'>,
  name: string,
): Promise<void> {
  const found = await engine.inspectNetwork(name);
  if (found?.labels[LABEL.project] === projectName) await engine.removeNetwork(name);
}

/** Whether a network or volume belongs to the project: created by lobbie, or by Docker Compose for the same project. */
export const belongsTo = (project: string, labels: Readonly<Record<string, string>>): boolean =>
  labels[LABEL.project] === project || labels['com.docker.compose.project'] === project;

export const labelsFor = (project: string, role: 'network' | 'volume'): Record<string, string> => ({
  [LABEL.project]: project,
  [LABEL.role]: role,
  'com.docker.compose.project': project,
});

/** Whether this network was created only to let the engine choose a subnet, and still exists. */
export const isProbe = ({ labels }: Pick<NetworkDetails, 'labels'>, project: string): boolean =>
  labels[LABEL.project] === project && labels[LABEL.role] === 'probe';

/** Names of the networks that lobbie made for a project, for its current release or an earlier one. */
export const ownNetworks = async (engine: Pick<Engine, 'listNetworks'>, project: string): Promise<string[]> =>
  (await engine.listNetworks({ [LABEL.project]: project })).map(({ name }) => name).toSorted();

/** Names of a project's volumes, made by lobbie or by Docker Compose: both give them the same labels. */
export const ownVolumes = async (engine: Pick<Engine, 'listVolumes'>, project: string): Promise<string[]> =>
  (await engine.listVolumes({ 'com.docker.compose.project': project })).map(({ name }) => name).toSorted();

/** The networks or volumes among these that exist, by name. */
export async function present<Found>(
  wanted: readonly { readonly name: string }[],
  inspect: (name: string) => Promise<Found | undefined>,
): Promise<Map<string, Found>> {
  const found = await Promise.all(wanted.map(async ({ name }) => [name, await inspect(name)] as const));
  return new Map(found.flatMap(([name, one]) => (one === undefined ? [] : [[name, one]])));
}
