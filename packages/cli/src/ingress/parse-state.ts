import { z } from 'zod/mini';
import { LobbieError } from '../model/errors.ts';
import type { IngressState } from '../model/ingress.ts';
import { STATE_PREFIX } from './render-haproxy-config.ts';

/** Older versions wrote fractions, and 0 for every timeout. Their ingresses must be readable to be replaced. */
const milliseconds = z.number().check(z.nonnegative());
const portNumber = z.int().check(z.minimum(1), z.maximum(65_535));
/** An address or a subnet. */
const subnet = z.string().check(z.regex(/^[\da-fA-F:.]+(\/\d{1,3})?$/));
const proxyProtocol = z.enum(['v1', 'v2']);
const isSo = z.exactOptional(z.literal(true));

const schema = z.object({
  service: z.string(),
  ports: z.array(
    z.object({
      port: portNumber,
      mode: z.enum(['http', 'tcp', 'auto']),
      speaksFirst: isSo,
      unseen: isSo,
      closed: isSo,
      seen: z.exactOptional(z.enum(['http', 'https', 'tcp'])),
    }),
  ),
  peers: z.exactOptional(z.object({ subnets: z.array(subnet), gateways: z.array(subnet) })),
  trustedProxies: z.exactOptional(z.array(subnet)),
  loopbackPorts: z.exactOptional(z.array(portNumber)),
  proxyProtocol: z.exactOptional(proxyProtocol),
  empty: isSo,
  networks: z.exactOptional(z.array(z.string().check(z.regex(/^[A-Za-z0-9][\w.-]*$/)))),
  holdTimeoutMs: milliseconds,
  // Older versions had one limit for both.
  outageTimeoutMs: z._default(milliseconds, 10_000),
  drainTimeoutMs: milliseconds,
  clientTimeoutMs: milliseconds,
  serverTimeoutMs: milliseconds,
  slots: z.array(
    z.nullable(
      z.object({
        container: z.string().check(z.regex(/^[A-Za-z0-9][\w.-]*$/)),
        state: z.enum(['ready', 'drain']),
        proxyProtocol: z.exactOptional(proxyProtocol),
      }),
    ),
  ),
});

/** Parses a state that was stored somewhere else than on the ingress's disk; undefined if it is not valid. */
export const checkedState = (kept: unknown): IngressState | undefined => schema.safeParse(kept).data;

/** The state that a configuration was rendered from. `INGRESS_FAILED` if it contains none that can be read. */
export const parseState = (text: string): IngressState => {
  const line = text.split('\n', 1)[0] ?? '';
  try {
    if (!line.startsWith(STATE_PREFIX)) throw new Error(`its first line does not start with "${STATE_PREFIX}"`);
    return schema.parse(JSON.parse(line.slice(STATE_PREFIX.length)));
  } catch (cause) {
    throw new LobbieError('INGRESS_FAILED', "The ingress's configuration was not written by this version of lobbie.", {
      hint: 'Run `lobbie down` and `lobbie deploy` to create the ingress again. The history stays.',
      cause,
    });
  }
};
