import { defined } from '../../model/defined.ts';
import type { ComposeConfig } from '../compose-config.ts';
import type { Ulimit } from '../config-parts.ts';
import type { BlkioConfig, ServiceConfig, ServiceHook } from '../service-config.ts';

type Record_ = Readonly<Record<string, unknown>>;

/**
 * A config in the form that `docker compose config` has in YAML, where it differs from that in JSON: what is empty is
 * left out.
 */
export function toYamlForm(config: ComposeConfig): unknown {
  const { name, services, networks, volumes, secrets, configs, models, ...extensions } = config;
  return defined({
    name,
    services: mapRecord(services, serviceForm),
    networks:
      networks &&
      mapRecord(networks, (network) => inOrderOf(network, { ipam: unlessEmpty({ ipam: network.ipam }).ipam })),
    volumes,
    secrets,
    configs,
    models,
    ...extensions,
  });
}

function serviceForm(service: ServiceConfig): unknown {
  const { build, deploy, develop, blkio_config, ulimits, post_start, pre_stop } = service;
  const resources = deploy && unlessEmpty({ resources: deploy.resources, placement: deploy.placement });
  return inOrderOf(service, {
    command: service.command ?? undefined,
    entrypoint: service.entrypoint ?? undefined,
    build: build && inOrderOf(build, { ulimits: ulimitsForm(build.ulimits) }),
    deploy: deploy && inOrderOf(deploy, { resources: resources?.resources, placement: resources?.placement }),
    develop:
      develop &&
      inOrderOf(develop, {
        watch: develop.watch?.map((trigger) => inOrderOf(trigger, { exec: execForm(trigger.exec) })),
      }),
    blkio_config: blkio_config && blkioForm(blkio_config),
    ulimits: ulimitsForm(ulimits),
    post_start: post_start?.map(hookForm),
    pre_stop: pre_stop?.map(hookForm),
  });
}

const hookForm = (hook: ServiceHook): object => inOrderOf(hook, { command: hook.command ?? undefined });

const execForm = (hook: ServiceHook): object | undefined => unlessEmpty({ exec: hookForm(hook) }).exec;

const ulimitsForm = (ulimits: Record<string, Ulimit> | undefined): object | undefined =>
  ulimits &&
  mapRecord(ulimits, (limit) => (typeof limit === 'number' ? limit : { soft: limit.soft ?? 0, hard: limit.hard ?? 0 }));

/** The keys that are capitals in JSON are small here. */
const blkioForm = (blkio: BlkioConfig): object =>
  Object.fromEntries(
    Object.entries(blkio).map(([key, value]) => [
      key,
      Array.isArray(value)
        ? value.map((item: object) =>
            Object.fromEntries(Object.entries(item).map(([name, entry]) => [name.toLowerCase(), entry])),
          )
        : value,
    ]),
  );

/** The object with these entries changed in their places; undefined leaves one out. */
function inOrderOf(original: object, changes: Record_): object {
  const entries = Object.entries(original).map(([key, value]) => [key, key in changes ? changes[key] : value]);
  return defined(Object.fromEntries(entries));
}

function unlessEmpty<T extends object>(parts: T): Partial<T> {
  const kept = Object.entries(parts).filter(([, part]) => typeof part === 'object' && Object.keys(part).length > 0);
  // All other keys are entries of the parts.
  return Object.fromEntries(kept) as Partial<T>;
}

function mapRecord<T>(record: Readonly<Record<string, T>>, change: (value: T) => unknown): Record<string, unknown> {
  const changed: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(record)) changed[key] = change(value);
  return changed;
}
