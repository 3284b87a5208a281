import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

const NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isProxy(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (NETWORKS.has(text)) return true;
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).href === `${new URL(text).origin}/`;

/** Environment variables of a service that needs its own addresses. Spread it into the service's shape. */
export const proxyShape = {
  /** Proxies whose X-Forwarded-Host, -Proto and -For are trusted: addresses, networks, `loopback`, `uniquelocal`. */
  TRUST_PROXY: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every(isProxy), 'expected addresses or networks such as 10.0.0.0/8, separated by commas')
    .default([]),
  /** The service's address for clients, instead of the address in the request. */
  BASE_URL: z
    .string()
    .refine(isOrigin, 'expected an address such as https://files.example.org, without a path')
    .transform((text) => new URL(text).origin)
    .optional(),
};

/** The absolute URL of a path, as the client sees the service; with `base` if it is configured. */
export function absoluteUrl(request: FastifyRequest, path: string, base: string | undefined): string {
  if (base !== undefined) return base + path;
  // HTTP/1.0 has no Host, and a Host can contain any text.
  const host = HOST.test(request.host ?? '') ? request.host : localHost(request);
  return `${request.protocol === 'https' ? 'https' : 'http'}://${host}${path}`;
}

const HOST = /^(?:[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

function localHost({ raw: { socket } }: FastifyRequest): string {
  const address = socket.localAddress ?? 'localhost';
  return `${isIP(address) === 6 ? `[${address}]` : address}:${socket.localPort ?? 80}`;
}
