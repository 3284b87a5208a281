import type { Ledger } from '../../ledger/ledger.ts';
import { ownContainers } from '../../ledger/own-containers.ts';
import type { ContainerSummary } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { isEveryHostIp } from '../../model/host-ip.ts';
import type { IngressPort } from '../../model/ingress.ts';
import { LABEL } from '../../model/names.ts';
import type { PublishedUrl } from '../../model/results.ts';
import { isHttp } from '../gate/gate-targets.ts';
import { toldIngress } from '../observe/told-ingress.ts';

/**
 * The addresses of a project's services from outside, as its running ingresses publish them: `http://…`, `https://…` or
 * `tcp://…` if the file or the connections show the protocol, otherwise without a scheme. Ports on which nothing
 * listens are left out.
 */
export async function urlsOf(engine: Engine, project: string, ledger: Ledger): Promise<PublishedUrl[]> {
  const ingresses = await ownContainers(engine, project, { [LABEL.role]: 'ingress' }, ledger);
  const urls = await Promise.all(
    ingresses
      .filter(({ state }) => state === 'running')
      .map(async ({ id, ports, labels }) => {
        const config = await toldIngress(engine, ledger, id).catch(() => undefined);
        return reachable(ports).flatMap(({ hostIp, published, target }) => {
          const port = config?.ports.find((one) => one.port === target);
          const url = `${schemeOf(port)}${hostOf(engine, hostIp)}:${published}`;
          return port?.closed ? [] : [{ service: labels[LABEL.service] ?? '', url }];
        });
      }),
  );
  const byUrl = new Map(urls.flat().map((one) => [one.url, one]));
  return [...byUrl.values()].toSorted((a, b) => (a.url < b.url ? -1 : 1));
}

function schemeOf(port: IngressPort | undefined): string {
  if (port === undefined) return '';
  if (isHttp(port)) return 'http://';
  if (port.seen === 'https') return 'https://';
  return port.mode === 'tcp' || port.speaksFirst || port.seen === 'tcp' ? 'tcp://' : '';
}

/** The engine may pick different ports for IPv4 and IPv6. The IPv6 port is shown only if it is the only one. */
const reachable = (ports: ContainerSummary['ports']): ContainerSummary['ports'] =>
  ports.filter(
    ({ hostIp, target }) =>
      !hostIp.includes(':') || !ports.some((other) => other.target === target && !other.hostIp.includes(':')),
  );

function hostOf({ endpoint }: Engine, hostIp: string): string {
  if (!isEveryHostIp(hostIp)) return hostIp.includes(':') ? `[${hostIp}]` : hostIp;
  return endpoint.local || !URL.canParse(endpoint.url) ? 'localhost' : new URL(endpoint.url).hostname;
}
