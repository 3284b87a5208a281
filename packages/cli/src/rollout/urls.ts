import type { Engine } from '../model/engine.ts';
import { LABEL } from '../model/names.ts';

/** Where a project's services can be reached from outside, as its running ingresses publish them. */
export async function urlsOf(engine: Engine, project: string): Promise<string[]> {
  const ingresses = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'ingress' });
  const urls = ingresses
    .filter(({ state }) => state === 'running')
    .flatMap(({ ports }) => ports.map(({ hostIp, published }) => `http://${hostOf(engine, hostIp)}:${published}`));
  return [...new Set(urls)].toSorted();
}

function hostOf({ endpoint }: Engine, hostIp: string): string {
  if (hostIp !== '' && hostIp !== '0.0.0.0' && hostIp !== '::') return hostIp.includes(':') ? `[${hostIp}]` : hostIp;
  return endpoint.local || !URL.canParse(endpoint.url) ? 'localhost' : new URL(endpoint.url).hostname;
}
