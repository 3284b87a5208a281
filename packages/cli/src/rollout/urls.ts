import type { ContainerSummary, Engine } from '../model/engine.ts';
import { LABEL } from '../model/names.ts';

/** Where a project's services can be reached from outside, as its running ingresses publish them. */
export async function urlsOf(engine: Engine, project: string): Promise<string[]> {
  const ingresses = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'ingress' });
  const urls = ingresses
    .filter(({ state }) => state === 'running')
    .flatMap(({ ports }) =>
      reachable(ports).map(({ hostIp, published }) => `http://${hostOf(engine, hostIp)}:${published}`),
    );
  return [...new Set(urls)].toSorted();
}

/** A port that the engine picked may be another one for IPv6 than for IPv4: that one is told only where it is alone. */
const reachable = (ports: ContainerSummary['ports']): ContainerSummary['ports'] =>
  ports.filter(
    ({ hostIp, target }) =>
      !hostIp.includes(':') || !ports.some((other) => other.target === target && !other.hostIp.includes(':')),
  );

function hostOf({ endpoint }: Engine, hostIp: string): string {
  if (hostIp !== '' && hostIp !== '0.0.0.0' && hostIp !== '::') return hostIp.includes(':') ? `[${hostIp}]` : hostIp;
  return endpoint.local || !URL.canParse(endpoint.url) ? 'localhost' : new URL(endpoint.url).hostname;
}
