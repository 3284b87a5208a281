import type { Rule } from './rule.ts';

/** Services with both `network_mode` and `networks`. */
export const networkModes: Rule = function* ({ services }) {
  for (const [name, { network_mode: mode, networks }] of Object.entries(services)) {
    if (mode === undefined || mode === '' || Object.keys(networks ?? {}).length === 0) continue;
    yield {
      path: ['services', name, 'network_mode'],
      message: '"network_mode" and "networks" cannot be combined',
      hint: 'Remove one of them.',
    };
  }
};

/** External volumes that also say how to create them. For external networks, Docker Compose allows this. */
export const externals: Rule = function* ({ volumes = {} }) {
  for (const [name, volume] of Object.entries(volumes)) {
    if (volume.external !== true) continue;
    for (const said of ['driver', 'driver_opts', 'labels'] as const)
      if (said in volume)
        yield {
          path: ['volumes', name, said],
          message: 'cannot be set for an external volume: lobbie does not create it',
        };
  }
};

/** Device requests with both a count and ids. */
export const deviceRequests: Rule = function* ({ services }) {
  for (const [name, { deploy }] of Object.entries(services))
    for (const [index, { count, device_ids: ids }] of (deploy?.resources?.reservations?.devices ?? []).entries())
      if (count !== undefined && ids !== undefined)
        yield {
          path: ['services', name, 'deploy', 'resources', 'reservations', 'devices', index],
          message: 'expected "count" or "device_ids", got both',
        };
};
