import type {
  ComposeConfig,
  FileObjectConfig,
  IpamConfig,
  IpamPool,
  ModelConfig,
  NetworkConfig,
  VolumeConfig,
} from '../compose-config.ts';
import { newMap, type TreeMap } from '../tree.ts';
import { choice, extensionsOf, flag, listOf, mapOf, mapping, number, object, plain, text, texts } from './decode.ts';
import { decodeService } from './decode-service.ts';

const ipam = object<IpamConfig>({
  driver: text,
  config: listOf(object<IpamPool>({ subnet: text, gateway: text, ip_range: text, aux_addresses: mapping })),
});

const networks = mapOf(
  object<NetworkConfig>({
    name: text,
    driver: text,
    driver_opts: mapping,
    ipam: (value, place) => ipam(value ?? newMap(), place),
    external: flag,
    internal: flag,
    attachable: flag,
    labels: mapping,
    enable_ipv4: choice,
    enable_ipv6: choice,
  }),
);

const volumes = mapOf(
  object<VolumeConfig>({ name: text, driver: text, driver_opts: mapping, external: flag, labels: mapping }),
);

const fileObjects = mapOf(
  object<FileObjectConfig>({
    name: text,
    file: text,
    environment: text,
    content: text,
    external: flag,
    labels: mapping,
    driver: text,
    driver_opts: mapping,
    template_driver: text,
  }),
);

const models = mapOf(object<ModelConfig>({ name: text, model: text, context_size: number, runtime_flags: texts }));

const services = mapOf(decodeService);

/**
 * Converts the normalised tree to a config: every service, active or not, and every network, volume, secret and config.
 */
export function decodeConfig(
  tree: TreeMap,
  name: string,
  report: (path: string, message: string) => void,
): ComposeConfig {
  const at = (key: string) => ({ path: [key], report });
  const config: ComposeConfig = { name, services: services(tree.services, at('services')) ?? {} };
  const parts = {
    networks: networks(tree.networks, at('networks')),
    volumes: volumes(tree.volumes, at('volumes')),
    secrets: fileObjects(tree.secrets, at('secrets')),
    configs: fileObjects(tree.configs, at('configs')),
    models: models(tree.models, at('models')),
  };
  if (parts.networks !== undefined) config.networks = parts.networks;
  if (parts.volumes !== undefined) config.volumes = parts.volumes;
  if (parts.secrets !== undefined) config.secrets = parts.secrets;
  if (parts.configs !== undefined) config.configs = parts.configs;
  if (parts.models !== undefined) config.models = parts.models;
  // extensionsOf returns only keys that begin with `x-`.
  for (const key of extensionsOf(tree)) config[key as `x-${string}`] = plain(tree[key] ?? null);
  return config;
}
