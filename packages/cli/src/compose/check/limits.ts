import type { ServiceConfig } from '../service-config.ts';
import type { Rule } from './rule.ts';

interface Twin {
  readonly key: 'cpus' | 'mem_limit' | 'mem_reservation' | 'pids_limit';
  readonly under: 'limits' | 'reservations';
  readonly name: 'cpus' | 'memory' | 'pids';
}

const TWINS: readonly Twin[] = [
  { key: 'cpus', under: 'limits', name: 'cpus' },
  { key: 'mem_limit', under: 'limits', name: 'memory' },
  { key: 'mem_reservation', under: 'reservations', name: 'memory' },
  { key: 'pids_limit', under: 'limits', name: 'pids' },
];

/** Limits that are set twice, to different values. As in Docker Compose, `limits: {}` means no limits. */
export const limits: Rule = function* ({ services }) {
  for (const [name, service] of Object.entries(services)) {
    for (const { key, under, name: twin } of TWINS) {
      const said = quantity(service[key]);
      const resources: NonNullable<ServiceConfig['deploy']>['resources'] | undefined = service.deploy?.resources;
      if (said === 0 || resources?.[under] === undefined) continue;
      const deployed = quantity(resources[under][twin]);
      if (said === deployed) continue;
      const other = `deploy.resources.${under}.${twin}`;
      const message = `${said} differs from ${other}, which is ${deployed === 0 ? 'not set' : deployed}`;
      yield { path: ['services', name, key], message, hint: `Set only ${other}.` };
    }
  }
};

const quantity = (value: number | string | undefined): number => Number(value ?? 0);
