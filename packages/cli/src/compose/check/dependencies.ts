import type { ServiceConfig } from '../service-config.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Rule } from './rule.ts';

/** Dependencies that cannot be met: on services that are not there, or never healthy. */
export const dependencies: Rule = function* ({ services }, inactive) {
  const off = new Set(inactive);
  for (const [name, service] of Object.entries(services)) {
    for (const [on, { condition, required }] of Object.entries(service.depends_on ?? {})) {
      const path = ['services', name, ...origin(service, on)];
      const dependency = Object.hasOwn(services, on) ? services[on] : undefined;
      if (dependency === undefined) {
        if (!off.has(on)) {
          yield { path, message: `there is no service "${on}"`, ...didYouMean(on, Object.keys(services)) };
        } else if (required) {
          const hint = `Turn it on with \`--profile\`, or say \`required: false\`.`;
          yield { path, message: `the profile of the service "${on}" is off`, hint };
        }
      } else if (condition === 'service_healthy' && isUnchecked(dependency)) {
        yield { path, message: `"${on}" never gets healthy: its healthcheck is disabled` };
      }
    }
  }
};

/** The key that says it: links and shared namespaces are dependencies too. */
function origin(service: ServiceConfig, on: string): string[] {
  const links = service.links?.some((link) => link.split(':')[0] === on) === true;
  const shared = (['network_mode', 'ipc', 'pid'] as const).find((key) => service[key] === `service:${on}`);
  if (shared !== undefined) return [shared];
  return links ? ['links'] : ['depends_on', on];
}

const isUnchecked = ({ healthcheck }: ServiceConfig): boolean =>
  healthcheck?.disable === true || healthcheck?.test?.[0] === 'NONE';

/** Jobs that others wait for, and that are restarted whenever they end. */
export const endlessJobs: Rule = function* ({ services }) {
  for (const [name, service] of Object.entries(services)) {
    for (const [on, { condition }] of Object.entries(service.depends_on ?? {})) {
      const job = Object.hasOwn(services, on) ? services[on] : undefined;
      if (condition !== 'service_completed_successfully' || job === undefined || !isKeptRunning(job)) continue;
      const message = `"${on}" never completes: it is restarted whenever it ends`;
      yield { path: ['services', name, 'depends_on', on], message, hint: `Say \`restart: "no"\` for "${on}".` };
    }
  }
};

/** `deploy.restart_policy` goes before `restart`. */
const isKeptRunning = ({ restart, deploy }: ServiceConfig): boolean =>
  deploy?.restart_policy === undefined
    ? restart === 'always' || restart === 'unless-stopped'
    : (deploy.restart_policy.condition ?? 'any') === 'any';
