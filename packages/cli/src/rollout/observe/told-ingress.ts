import { readIngressState } from '../../ingress/config-file.ts';
import { checkedState } from '../../ingress/parse-state.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Engine } from '../../model/engine.ts';
import type { IngressState } from '../../model/ingress.ts';

/**
 * What an ingress was told: as the ledger has it from the end of the last deploy, else as its own disk says; undefined
 * where nothing was. To read a disk takes the engine tens of milliseconds each.
 */
export async function toldIngress(
  engine: Engine,
  { state: { running, ingresses } }: Ledger,
  containerId: string,
): Promise<IngressState | undefined> {
  return (running === null ? checkedState(ingresses[containerId]) : undefined) ?? readIngressState(engine, containerId);
}
