import type { ComposeConfig } from '../compose/compose-config.ts';
import { renderComposeConfig } from '../compose/render/render-compose-config.ts';
import type { Report } from '../model/events.ts';
import type { ConfigResult } from '../model/results.ts';
import { checkServices } from './check-services.ts';
import { problemLine } from './compose-problems.ts';
import type { ComposeSource } from './compose-source.ts';
import { configHash } from './config-hash.ts';
import { readComposeConfig } from './load-project.ts';

export interface ConfigOptions {
  /** Only these services and what they depend on; none means all. */
  readonly services: readonly string[];
  readonly format: 'yaml' | 'json';
  /** Print a list of names instead of the project. */
  readonly list?: 'services' | 'volumes' | 'images';
  /** Hashes of these services; `*` for all. */
  readonly hash?: readonly string[] | '*';
}

/** The resolved project in the canonical form of `docker compose config`; needs no engine. */
export async function config(
  source: ComposeSource,
  { report, now }: { readonly report: Report; readonly now: () => number },
  options: ConfigOptions,
): Promise<ConfigResult> {
  const loaded = await readComposeConfig(source, options.services);
  // A service that lobbie cannot deploy gets a warning. It is still shown.
  for (const warning of [...loaded.blockers, ...loaded.warnings])
    report({ type: 'warning', timeMs: now(), message: problemLine(warning, source.cwd) });
  return { type: 'config', project: loaded.config.name, text: textOf(loaded.config, options) };
}

function textOf(read: ComposeConfig, { format, list, hash }: ConfigOptions): string {
  const services = Object.entries(read.services);
  switch (list) {
    case 'services':
      return inOrder(read).join('\n');
    case 'volumes':
      return Object.keys(read.volumes ?? {}).join('\n');
    case 'images':
      return services.map(([name, { image }]) => image ?? `${read.name}-${name}`).join('\n');
    default:
      break;
  }
  if (hash === undefined) return renderComposeConfig(read, format).trimEnd();
  const names = services.map(([name]) => name);
  if (hash !== '*') checkServices(read.name, names, hash);
  return services
    .filter(([name]) => hash === '*' || hash.includes(name))
    .map(([name, service]) => `${name} ${configHash(service)}`)
    .join('\n');
}

/** Sorts services so that each comes after its dependencies. */
function inOrder({ services }: ComposeConfig): string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.has(name)) return;
    for (const dependency of Object.keys(services[name]?.depends_on ?? {}))
      if (dependency in services) visit(dependency);
    ordered.add(name);
  };
  for (const name of Object.keys(services)) visit(name);
  return [...ordered];
}
