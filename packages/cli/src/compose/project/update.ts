import { defined } from '../../model/defined.ts';
import type { IngressConfig, RollbackConfig, RolloutOrder, UpdateConfig } from '../../model/service.ts';
import { durationMs, durationMsOr } from '../parse/duration-ms.ts';
import type { LobbieExtension } from '../schema/x-lobbie.ts';
import type { ServiceConfig } from '../service-config.ts';

const DRAIN_TIMEOUT_MS = 30_000;
const HOLD_TIMEOUT_MS = 30_000;
const CLIENT_TIMEOUT_MS = 60_000;
// Event streams, long polls and slow reports may send nothing for a long time, as without an ingress. TCP keep-alive
// detects connections whose other end is gone.
const SERVER_TIMEOUT_MS = 24 * 60 * 60_000;
// Restarting a container takes less.
const OUTAGE_TIMEOUT_MS = 10_000;

/** How to update a service. By default, a failure undoes the whole rollout. */
export function updateOf({ deploy }: ServiceConfig): UpdateConfig {
  const { order, parallelism, delay, monitor, failure_action, max_failure_ratio } = deploy?.update_config ?? {};
  return {
    delayMs: durationMsOr(delay, 0),
    failureAction: failureActionOf(failure_action),
    maxFailureRatio: max_failure_ratio ?? 0,
    ...defined({
      parallelism,
      order: orderOf(order),
      monitorMs: monitor === undefined ? undefined : durationMs(monitor),
    }),
  };
}

const orderOf = (order: string | undefined): RolloutOrder | undefined =>
  order === 'start-first' || order === 'stop-first' ? order : undefined;

const failureActionOf = (action: string | undefined): UpdateConfig['failureAction'] =>
  action === 'pause' || action === 'continue' ? action : 'rollback';

/** How to undo an update. */
export const rollbackOf = ({ deploy }: ServiceConfig): RollbackConfig => ({
  parallelism: deploy?.rollback_config?.parallelism ?? 0,
  delayMs: durationMsOr(deploy?.rollback_config?.delay, 0),
});

/** The settings of the ingress of a service. */
export function ingressOf({ ingress: said }: LobbieExtension): IngressConfig {
  const ingress = said === undefined || 'wanted' in said ? {} : said;
  // A map with settings also asks for an ingress.
  const wanted = said && ('wanted' in said ? said.wanted : true);
  return {
    ports: ingress.ports ?? [],
    drainTimeoutMs: ingress.drain_timeout ?? DRAIN_TIMEOUT_MS,
    holdTimeoutMs: ingress.hold_timeout ?? HOLD_TIMEOUT_MS,
    outageTimeoutMs: ingress.outage_timeout ?? OUTAGE_TIMEOUT_MS,
    clientTimeoutMs: ingress.client_timeout ?? CLIENT_TIMEOUT_MS,
    serverTimeoutMs: ingress.server_timeout ?? SERVER_TIMEOUT_MS,
    ...defined({
      healthPath: ingress.health,
      maxErrorRatio: ingress.max_error_ratio,
      minRequests: ingress.min_requests,
      trustedProxies: ingress.trusted_proxies?.length ? ingress.trusted_proxies : undefined,
      proxyProtocol: ingress.proxy_protocol,
      wanted,
    }),
  };
}
