import { readIngressState } from '../../ingress/config-file.ts';
import { checkedState } from '../../ingress/parse-state.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Engine } from '../../model/engine.ts';
import type { IngressState } from '../../model/ingress.ts';

/**
 * The state of an ingress: from the ledger after the last deploy, else from its own disk; undefined if there is none.
 * Reading a disk takes the engine tens of milliseconds.
 */
export async function toldIngress(
  engine: Engine,
  { state: { running, ingresses } }: Ledger,
  containerId: string,
): Promise<IngressState | undefined> {
  return (running === null ? checkedState(ingresses[containerId]) : undefined) ?? readIngressState(engine, containerId);
}
