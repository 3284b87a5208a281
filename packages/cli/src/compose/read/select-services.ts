import type { ComposeConfig } from '../compose-config.ts';
import { toRecord } from '../decode/decode.ts';
import type { ServiceConfig } from '../service-config.ts';

/** Which services are active. */
export interface Selection {
  readonly active: Record<string, ServiceConfig>;
  /** By name, sorted. */
  readonly inactive: readonly string[];
  /** Profiles of the inactive ones, sorted. */
  readonly offProfiles: readonly string[];
}

/**
 * Services without a profile, with an active profile, or named on the command line (which activates their profiles).
 */
export function selectServices(
  services: Readonly<Record<string, ServiceConfig>>,
  profiles: readonly string[],
  named: readonly string[],
): Selection {
  const on = new Set([...profiles, ...named.flatMap((name) => services[name]?.profiles ?? [])]);
  const isActive = ({ profiles: own = [] }: ServiceConfig) =>
    own.length === 0 || on.has('*') || own.some((profile) => on.has(profile));
  const entries = Object.entries(services);
  const off = entries.filter(([, service]) => !isActive(service));
  return {
    active: toRecord(entries.filter(([, service]) => isActive(service))),
    inactive: off.map(([name]) => name).toSorted(),
    offProfiles: [...new Set(off.flatMap(([, { profiles: own = [] }]) => own))].toSorted(),
  };
}

/** Only these services and their dependencies; all if none is named. */
export function narrowTo(config: ComposeConfig, named: readonly string[]): ComposeConfig {
  if (named.length === 0) return config;
  const kept = new Set<string>();
  const visit = (name: string) => {
    const service = config.services[name];
    if (service === undefined || kept.has(name)) return;
    kept.add(name);
    for (const dependency of Object.keys(service.depends_on ?? {})) visit(dependency);
  };
  named.forEach(visit);
  return { ...config, services: toRecord(Object.entries(config.services).filter(([name]) => kept.has(name))) };
}

/** Removes networks, volumes, secrets, configs and models that no service uses. */
export function withoutUnused(config: ComposeConfig): ComposeConfig {
  const services = Object.values(config.services);
  const used = {
    networks: services.flatMap(({ networks = {} }) => Object.keys(networks)),
    volumes: services.flatMap(({ volumes = [] }) =>
      volumes.flatMap(({ type, source }) => (type === 'volume' && source !== undefined ? [source] : [])),
    ),
    secrets: services.flatMap(({ secrets = [], build }) =>
      [...secrets, ...(build?.secrets ?? [])].map(({ source }) => source),
    ),
    configs: services.flatMap(({ configs = [] }) => configs.map(({ source }) => source)),
    models: services.flatMap(({ models = {} }) => Object.keys(models)),
  };
  const { networks, volumes, secrets, configs, models, ...rest } = config;
  return {
    ...rest,
    ...only('networks', networks, used.networks),
    ...only('volumes', volumes, used.volumes),
    ...only('secrets', secrets, used.secrets),
    ...only('configs', configs, used.configs),
    ...only('models', models, used.models),
  };
}

function only<Key extends string, T>(
  key: Key,
  resources: Readonly<Record<string, T>> | undefined,
  used: readonly string[],
): { [K in Key]?: Record<string, T> } {
  const names = new Set(used);
  const entries = Object.entries(resources ?? {}).filter(([name]) => names.has(name));
  // A computed key has the type string.
  return entries.length === 0 ? {} : ({ [key]: toRecord(entries) } as { [K in Key]: Record<string, T> });
}
