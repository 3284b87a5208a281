import { defined } from '../../model/defined.ts';
import type { Dependency, Service } from '../../model/service.ts';
import { durationMsOr } from '../parse/duration-ms.ts';
import type { ServiceConfig } from '../service-config.ts';
import { buildOf, pullPolicyOf } from './build.ts';
import { filesOf } from './files.ts';
import { healthcheckOf, isRestartUnsaid, restartOf } from './health.ts';
import { mountsOf } from './mounts.ts';
import { serviceNetworks } from './networks.ts';
import { exposedPorts, exposesUdp, publishedPorts } from './ports.ts';
import type { Reading } from './reading.ts';
import { settingsOf } from './settings.ts';
import { ingressOf, rollbackOf, updateOf } from './update.ts';

const STOP_GRACE_PERIOD_MS = 10_000;

/**
 * Converts one service of the canonical form to lobbie's model.
 *
 * @param job it runs to its end, and other services wait for that
 */
export async function toService(
  reading: Reading,
  name: string,
  config: ServiceConfig,
  { replicas, job }: { readonly replicas: number; readonly job: boolean },
): Promise<Service> {
  const path = `services.${name}`;
  const extension = reading.extensions.get(name) ?? {};
  const mounts = mountsOf(reading, path, config);
  const [files, settings] = await Promise.all([filesOf(reading, path, config), settingsOf(reading, path, config)]);
  return {
    name,
    image: config.image ?? `${reading.config.name}-${name}`,
    pullPolicy: pullPolicyOf(reading, path, config),
    replicas,
    environment: config.environment ?? {},
    labels: config.labels ?? {},
    mounts,
    files,
    networks: serviceNetworks(name, config, reading.config),
    ports: publishedPorts(reading, path, config),
    expose: exposedPorts(config),
    restart: restartOf(config),
    stopGracePeriodMs: durationMsOr(config.stop_grace_period, STOP_GRACE_PERIOD_MS),
    settings,
    dependsOn: dependenciesOf(reading, config),
    job,
    update: updateOf(config),
    rollback: rollbackOf(config),
    ingress: ingressOf(extension),
    ...defined({
      restartUnsaid: (!job && isRestartUnsaid(config)) || undefined,
      exposesUdp: exposesUdp(config) || undefined,
      build: buildOf(reading, path, config),
      platform: config.platform,
      containerName: config.container_name,
      entrypoint: config.entrypoint ?? undefined,
      // Without a command the image's applies. An empty list means the same.
      command: config.command?.length ? config.command : undefined,
      user: config.user,
      workingDir: config.working_dir,
      networkMode: config.network_mode,
      healthcheck: healthcheckOf(config),
      stopSignal: config.stop_signal,
      report: extension.report,
      discovery: extension.discovery === 'replicas' ? extension.discovery : undefined,
    }),
  };
}

const CONDITIONS = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
} as const;

/** Dependencies on services that do not exist are ignored here: if one is required, the check has reported it. */
const dependenciesOf = ({ config: { services } }: Reading, { depends_on = {} }: ServiceConfig): Dependency[] =>
  Object.entries(depends_on)
    .filter(([service]) => service in services)
    .map(([service, { condition, required, restart }]) => ({
      service,
      condition: CONDITIONS[condition],
      required,
      restart: restart === true,
    }));
