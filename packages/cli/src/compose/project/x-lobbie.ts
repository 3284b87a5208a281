import { resolve } from 'node:path';
import type { ComposeConfig } from '../compose-config.ts';
import type { Extensible } from '../config-parts.ts';
import { type LobbieExtension, projectExtension, serviceExtension } from '../schema/x-lobbie.ts';

const service = serviceExtension();
const project = projectExtension();

/**
 * The settings of each service under `x-lobbie`. Wrong values count as not set, because the check of the file has
 * reported them.
 */
export const lobbieExtensions = ({ services }: ComposeConfig): ReadonlyMap<string, LobbieExtension> =>
  new Map(Object.entries(services).map(([name, config]) => [name, service.safeParse(saidIn(config)).data ?? {}]));

/** The directory that `x-lobbie.history` names, absolute. */
export function historyDirectory(config: ComposeConfig, directory: string): string | undefined {
  const history = project.safeParse(saidIn(config)).data?.history;
  return history === undefined ? undefined : resolve(directory, history);
}

const saidIn = (config: Extensible): unknown => withoutOwnKeys(config['x-lobbie'] ?? {});

/** Leaves out the user's own keys, which begin with `x-` in every map. */
const withoutOwnKeys = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => !key.startsWith('x-'))
          .map(([key, entry]) => [key, withoutOwnKeys(entry)]),
      );
