import type { NetworkDetails, NetworkSpec } from '../../model/engine-spec.ts';
import { LobbieError } from '../../model/errors.ts';
import { LABEL } from '../../model/names.ts';
import type { AddressPool, Network } from '../../model/project.ts';
import { freeSubnet } from '../../plan/free-subnet.ts';
import { mayShare, sharePools, versionsToChoose } from '../../plan/share-pools.ts';
import { definitionHash } from '../../plan/spec-hash.ts';
import type { Given } from '../given/given.ts';
import type { AddressBook } from '../ingresses/fix-addresses.ts';
import { isProbe, labelsFor } from '../observe/own-networks-and-volumes.ts';
import { type Host, subnetsInUse } from '../observe/subnets-in-use.ts';

/**
 * How many times another network may take the chosen subnet before lobbie asks the engine for one, and then before it
 * leaves the choice to the engine.
 */
const ATTEMPTS = 5;

type NetworkContext = Pick<Given, 'engine' | 'projectName' | 'ledger' | 'info'> & {
  readonly addresses: Pick<AddressBook, 'subnets'>;
};

/**
 * Creates a network of the project, with labels so that Docker Compose also accepts it as its own. The engine assigns
 * the lower half of the subnet; the upper half is for fixed addresses. The engine allows fixed addresses only in a
 * subnet given to it. So lobbie chooses a free one of the engine's pools. Where it cannot know which one is free, it
 * creates the network once to let the engine choose, and again with that subnet.
 */
export async function createNetwork(context: NetworkContext, definition: Network, host?: Host): Promise<void> {
  const { engine, projectName, ledger } = context;
  const { key, external: _, ...network } = definition;
  const spec: NetworkSpec = {
    ...network,
    labels: {
      ...network.labels,
      ...labelsFor(projectName, 'network'),
      [LABEL.spec]: definitionHash(definition, ledger.key),
      'com.docker.compose.network': key,
    },
  };
  await removeProbe(context, spec.name);
  for (const choice of choicesOf(context, spec, host)) if (await createFrom(context, spec, choice)) return;
  await engine.createNetwork(spec);
}

/** Gives the subnets that the file leaves open; undefined if it cannot. */
type Choice = () => Promise<readonly AddressPool[] | undefined>;

function choicesOf(context: NetworkContext, spec: NetworkSpec, host: Host | undefined): Choice[] {
  const missing = versionsToChoose(spec);
  if (!mayShare(spec)) return [];
  if (missing.length === 0) return [async () => []];
  const probing = () => probe(context, spec);
  // The engine's own pools for IPv6 differ from version to version.
  return missing.includes(6) ? [probing] : [() => choose(context, host), probing];
}

/**
 * Creates a network with these pools and a range in each. False if that is not possible, or if the engine refuses them
 * too many times.
 */
async function createFrom({ engine }: NetworkContext, spec: NetworkSpec, choice: Choice): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const chosen = await choice();
    const pools = chosen && sharePools(spec, chosen);
    if (pools === undefined) return false;
    const labels = { ...spec.labels, [LABEL.addresses]: 'fixed' };
    try {
      await engine.createNetwork({ ...spec, labels, ipam: { ...spec.ipam, pools } });
      return true;
    } catch (error) {
      if (!(error instanceof LobbieError) || !MAY_OVERLAP.has(error.code)) throw error;
    }
  }
  return false;
}

/** Codes of errors that mean another network may have taken the subnet meanwhile. */
const MAY_OVERLAP: ReadonlySet<string> = new Set(['ENGINE_ERROR', 'INVALID_INPUT']);

/** A subnet that is free on the engine and on its machine; undefined if only the engine can know. Gives none twice. */
async function choose({ engine, info, addresses }: NetworkContext, host?: Host): Promise<AddressPool[] | undefined> {
  const inUse = await subnetsInUse(engine, info, await engine.listNetworks({}), host);
  if (inUse === undefined) return undefined;
  // No await from here on: two networks created at the same time must not get the same subnet.
  const chosen = freeSubnet(info.addressPools, [...inUse, ...addresses.subnets]);
  if (chosen === undefined) return undefined;
  addresses.subnets.add(chosen.subnet);
  return [chosen];
}

/** The pools that the engine chooses for a network. */
async function probe(context: NetworkContext, spec: NetworkSpec): Promise<NetworkDetails['pools']> {
  const { engine } = context;
  await engine.createNetwork({ ...spec, labels: { ...spec.labels, [LABEL.role]: 'probe' } });
  const found = await engine.inspectNetwork(spec.name);
  await removeProbe(context, spec.name);
  return found?.pools ?? [];
}

async function removeProbe({ engine, projectName }: NetworkContext, name: string): Promise<void> {
  const found = await engine.inspectNetwork(name);
  if (found !== undefined && isProbe(found, projectName)) await engine.removeNetwork(name);
}
