import type Dockerode from 'dockerode';
import type { FoundNetwork, NetworkDetails, NetworkSpec } from '../model/engine-spec.ts';
import { LobbieError } from '../model/errors.ts';
import type { AddressPool } from '../model/project.ts';
import { type Connection, statusOf } from './connection.ts';
import { labelFilter } from './containers.ts';
import { inBody } from './in-body.ts';
import { networkRequest } from './network-request.ts';
import { isName, pathName } from './path-name.ts';

const networkOf = ({ docker }: Connection, name: string): Dockerode.Network => docker.getNetwork(pathName(name));

/** `Engine.inspectNetwork`. */
export async function inspectNetwork(connection: Connection, name: string): Promise<NetworkDetails | undefined> {
  if (!isName(name)) return undefined;
  try {
    const found = await connection.find<InspectedNetwork>(
      `inspect network "${name}"`,
      networkOf(connection, name).inspect(),
    );
    // The engine also accepts the beginning of an id: `a` may find any network, or several.
    return found && (found.Name === name || found.Id === name) ? detailsOf(found) : undefined;
  } catch (error) {
    if (error instanceof LobbieError && error.facts.refusal?.reason === 'name-ambiguous') return undefined;
    throw error;
  }
}

/** The fields of the answer to `GET /networks/{id}` that lobbie reads. */
interface InspectedNetwork {
  readonly Name: string;
  readonly Id: string;
  readonly Driver: string;
  readonly Labels?: Record<string, string> | null;
  readonly Options?: Record<string, string> | null;
  readonly IPAM?: { Config?: readonly WirePool[] | null } | null;
}

interface WirePool {
  readonly Subnet?: string;
  readonly Gateway?: string;
  readonly IPRange?: string;
  readonly AuxiliaryAddresses?: Record<string, string> | null;
}

const detailsOf = ({ Id, Driver, Labels, Options, IPAM }: InspectedNetwork): NetworkDetails => ({
  id: Id,
  labels: Labels ?? {},
  driver: Driver,
  driverOpts: Options ?? {},
  pools: (IPAM?.Config ?? []).map(poolOf),
});

/** Newer engines write an empty text for an absent value. */
const poolOf = ({ Subnet, Gateway, IPRange, AuxiliaryAddresses }: WirePool): AddressPool => ({
  ...(Subnet && { subnet: Subnet }),
  ...(Gateway && { gateway: Gateway }),
  ...(IPRange && { ipRange: IPRange }),
  ...(AuxiliaryAddresses && { auxAddresses: AuxiliaryAddresses }),
});

/** `Engine.listNetworks`. */
export async function listNetworks(
  connection: Connection,
  labels: Readonly<Record<string, string>>,
): Promise<FoundNetwork[]> {
  const options = { filters: { label: labelFilter(labels) } };
  const listed = connection.docker.listNetworks(options);
  const found = await connection.ask<InspectedNetwork[]>('list networks', listed);
  return found.map((one) => ({ name: one.Name, ...detailsOf(one) }));
}

/** `Engine.createNetwork`. A bridge by default. Keeps a network that already exists. */
export async function createNetwork(connection: Connection, network: NetworkSpec): Promise<void> {
  try {
    const { body, apiVersion } = networkRequest(network, connection.api);
    const created = connection.dockerAt(apiVersion).createNetwork(inBody(body));
    await connection.ask(`create network "${network.name}"`, created);
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}

/** `Engine.removeNetwork`. Ignores a missing network. */
export async function removeNetwork(connection: Connection, name: string): Promise<void> {
  await connection.find(`remove network "${name}"`, networkOf(connection, name).remove());
}
