import { defined } from '../../model/defined.ts';
import type { Healthcheck, RestartPolicy } from '../../model/service.ts';
import { durationMs, durationMsOr } from '../parse/duration-ms.ts';
import type { ServiceConfig } from '../service-config.ts';

/**
 * A service's own healthcheck; undefined: the image's. Values that the file does not set are 0: the image's or the
 * engine's default.
 */
export function healthcheckOf({ healthcheck }: ServiceConfig): Healthcheck | undefined {
  if (healthcheck === undefined) return undefined;
  const { test = [], interval, timeout, retries, start_period, start_interval, disable } = healthcheck;
  return {
    test: disable === true ? ['NONE'] : test,
    intervalMs: durationMsOr(interval, 0),
    timeoutMs: durationMsOr(timeout, 0),
    retries: retries ?? 0,
    startPeriodMs: durationMsOr(start_period, 0),
    ...defined({ startIntervalMs: start_interval === undefined ? undefined : durationMs(start_interval) }),
  };
}

/** `deploy.restart_policy` overrides `restart`, as in Docker Compose. */
export function restartOf({ restart, deploy }: ServiceConfig): RestartPolicy {
  const policy = deploy?.restart_policy;
  if (policy !== undefined) return restartPolicy(policy.condition ?? 'any', policy.max_attempts);
  const [name = 'no', most] = (restart ?? 'no').split(':');
  return restartPolicy(name, most === undefined ? undefined : Number(most));
}

/** Whether neither `restart` nor `deploy.restart_policy` is set. */
export const isRestartUnsaid = ({ restart, deploy }: ServiceConfig): boolean =>
  restart === undefined && deploy?.restart_policy === undefined;

function restartPolicy(condition: string, most: number | undefined): RestartPolicy {
  switch (condition) {
    case 'always':
    case 'any':
      return { name: 'always' };
    case 'unless-stopped':
      return { name: 'unless-stopped' };
    case 'on-failure':
      return { name: 'on-failure', ...(most && { maxRetries: most }) };
    default:
      return { name: 'no' };
  }
}
