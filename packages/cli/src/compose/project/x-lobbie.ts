import { resolve } from 'node:path';
import { z } from 'zod/mini';
import type { ComposeConfig } from '../compose-config.ts';
import type { Extensible } from '../config-parts.ts';
import { durationMs } from './duration-ms.ts';

/** Milliseconds. Invalid durations were reported when the file was checked. */
const duration = z.pipe(
  z.union([z.string(), z.number()]),
  z.transform((value) => durationMs(String(value))),
);
const timeout = z.optional(duration);

/** Text if a variable was substituted. */
const number = z.pipe(z.union([z.string(), z.number()]), z.transform(Number));

const ingress = z.object({
  health: z.optional(z.string()),
  ports: z.optional(z.array(number)),
  drain_timeout: timeout,
  max_error_ratio: z.optional(number),
  min_requests: z.optional(number),
  hold_timeout: timeout,
  client_timeout: timeout,
  server_timeout: timeout,
  outage_timeout: timeout,
  trusted_proxies: z.optional(z.array(z.string())),
  proxy_protocol: z.optional(z.enum(['v1', 'v2'])),
});

const service = z.object({
  replicas: z.optional(number),
  report: z.optional(z.string()),
  discovery: z.optional(z.enum(['ingress', 'replicas'])),
  ingress: z.optional(
    z.union([
      z.pipe(
        z.union([z.boolean(), z.string()]),
        z.transform((said) => ({ wanted: /^(true|y|yes|on)$/i.test(String(said)) })),
      ),
      ingress,
    ]),
  ),
});

const project = z.object({ history: z.optional(z.string()) });

/** Settings of a service for lobbie; durations in milliseconds. */
export type LobbieExtension = z.infer<typeof service>;

/** The `x-lobbie` settings by service. Invalid values count as not set: checking the file has reported them. */
export const lobbieExtensions = ({ services }: ComposeConfig): ReadonlyMap<string, LobbieExtension> =>
  new Map(Object.entries(services).map(([name, config]) => [name, extensionOf(config)]));

function extensionOf(config: Extensible): LobbieExtension {
  const read = service.safeParse(config['x-lobbie'] ?? {});
  return read.success ? read.data : {};
}

/** The directory in `x-lobbie.history`, absolute. */
export function historyDirectory(config: ComposeConfig, directory: string): string | undefined {
  const read = project.safeParse(config['x-lobbie'] ?? {});
  return read.success && read.data.history !== undefined ? resolve(directory, read.data.history) : undefined;
}
