import type { ComposeConfig } from '../compose-config.ts';

/** Services that run to their end and that other services wait for. */
export const jobsOf = ({ services }: ComposeConfig): ReadonlySet<string> =>
  new Set(
    Object.values(services).flatMap(({ depends_on = {} }) =>
      Object.entries(depends_on).flatMap(([name, { condition }]) =>
        condition === 'service_completed_successfully' ? [name] : [],
      ),
    ),
  );
