import type { ServiceConfig } from '../service-config.ts';
import { dependencyKey } from './dependency-key.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Rule } from './rule.ts';

/** Dependencies on services that do not exist, are not active, or never become healthy. */
export const dependencies: Rule = function* ({ services }, inactive) {
  const off = new Set(inactive);
  for (const [name, service] of Object.entries(services)) {
    for (const [on, { condition, required }] of Object.entries(service.depends_on ?? {})) {
      const key = dependencyKey(service, on);
      const path = ['services', name, ...key];
      const at = key[0] === 'links' ? [...path, on] : path;
      const dependency = Object.hasOwn(services, on) ? services[on] : undefined;
      if (dependency === undefined) {
        if (!off.has(on)) {
          yield { path, at, message: `there is no service "${on}"`, ...didYouMean(on, Object.keys(services)) };
        } else if (required) {
          const hint = 'Enable one of its profiles with `--profile`, or set `required: false`.';
          yield { path, at, message: `the service "${on}" is off: none of its profiles is enabled`, hint };
        }
      } else if (condition === 'service_healthy' && isUnchecked(dependency)) {
        yield { path, at, message: `"${on}" never becomes healthy: its healthcheck is disabled` };
      }
    }
  }
};

const isUnchecked = ({ healthcheck }: ServiceConfig): boolean =>
  healthcheck?.disable === true || healthcheck?.test?.[0] === 'NONE';

/** Jobs that others wait for but that restart whenever they end. */
export const endlessJobs: Rule = function* ({ services }) {
  for (const [name, service] of Object.entries(services)) {
    for (const [on, { condition }] of Object.entries(service.depends_on ?? {})) {
      const job = Object.hasOwn(services, on) ? services[on] : undefined;
      if (condition !== 'service_completed_successfully' || job === undefined || !isKeptRunning(job)) continue;
      const message = `"${on}" never completes: it is restarted whenever it ends`;
      yield { path: ['services', name, 'depends_on', on], message, hint: `Set \`restart: "no"\` for "${on}".` };
    }
  }
};

/** `deploy.restart_policy` overrides `restart`. */
const isKeptRunning = ({ restart, deploy }: ServiceConfig): boolean =>
  deploy?.restart_policy === undefined
    ? restart === 'always' || restart === 'unless-stopped'
    : (deploy.restart_policy.condition ?? 'any') === 'any';
