import type { NetworkDetails, NetworkSpec } from '../../model/engine-spec.ts';
import { LobbieError } from '../../model/errors.ts';
import { LABEL } from '../../model/names.ts';
import type { Network } from '../../model/project.ts';
import { choosesSubnet, mayShare, sharePools } from '../../plan/share-pools.ts';
import { definitionHash } from '../../plan/spec-hash.ts';
import type { Given } from '../given/given.ts';
import { isProbe, labelsFor } from '../observe/own-networks-and-volumes.ts';

/** How many times another network may take the chosen subnet before lobbie leaves the choice to the engine. */
const ATTEMPTS = 5;

type NetworkContext = Pick<Given, 'engine' | 'projectName' | 'ledger'>;

/**
 * Creates a network of the project, with labels so that Docker Compose also accepts it as its own. The engine assigns
 * the lower half of the subnet; the upper half is for fixed addresses. The engine allows fixed addresses only in a
 * subnet given to it, so the network is created once to choose a subnet, and again with it.
 */
export async function createNetwork(context: NetworkContext, definition: Network): Promise<void> {
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
  for (let attempt = 0; attempt < ATTEMPTS && mayShare(spec); attempt += 1) {
    const pools = sharePools(spec, choosesSubnet(spec) ? await probe(context, spec) : []);
    if (pools === undefined) break;
    const labels = { ...spec.labels, [LABEL.addresses]: 'fixed' };
    try {
      return await engine.createNetwork({ ...spec, labels, ipam: { ...spec.ipam, pools } });
    } catch (error) {
      if (!(error instanceof LobbieError) || !MAY_OVERLAP.has(error.code)) throw error;
    }
  }
  await engine.createNetwork(spec);
}

/** Codes of errors that mean another network may have taken the subnet meanwhile. */
const MAY_OVERLAP: ReadonlySet<string> = new Set(['ENGINE_ERROR', 'INVALID_INPUT']);

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
