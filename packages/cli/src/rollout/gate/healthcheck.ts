import type { Healthcheck } from '../../model/service.ts';

/** An address such as `http://localhost:3000/health`. A port that only the container's shell knows does not match. */
const ADDRESS = /\b(https?):\/\/(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5})\b|(?![\w.:-]))/gi;
/** The same without `http://`, as `curl` and `wget` accept it. */
const SHORT = /\b(?:curl|wget)(?:\s[^|;&]*?)?\s["']?(localhost|127[\d.]+)(?::(\d{1,5})\b|(?![\w.:-]))/gi;
/** Options of `curl` that send a request elsewhere than to the address: to a proxy or a Unix socket. */
const THROUGH = /\s(?:-x|--proxy|--preproxy|--socks[\w-]*|--(?:abstract-)?unix-socket)\b/;
const LOOPBACK = /^(?:localhost|127[\d.]+|0\.0\.0\.0|\[::1?\])$/i;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** What a healthcheck asks of its own container. */
interface Asked {
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/**
 * The ports of a container that its healthcheck asks over HTTP or HTTPS. Once it has passed, their servers are known to
 * wait for their clients. Other hosts say nothing about the container.
 *
 * @param name the service's name, which leads back to the container
 */
export function askedByHealthcheck(check: Healthcheck | undefined, name: string): readonly Asked[] {
  const text = check?.test.join(' ') ?? '';
  if (THROUGH.test(text)) return [];
  const full = [...text.matchAll(ADDRESS)].flatMap(([, scheme = '', host = '', port]): Asked[] =>
    LOOPBACK.test(host) || host === name ? [asked(scheme.toLowerCase(), port)] : [],
  );
  return [...full, ...[...text.matchAll(SHORT)].map(([, , port]) => asked('http', port))];
}

const asked = (scheme: string, port: string | undefined): Asked => ({
  scheme: scheme === 'https' ? 'https' : 'http',
  port: Number(port ?? DEFAULT_PORTS[scheme]),
});

/** Whether a healthcheck checks nothing. */
export const isOff = (check: Healthcheck | undefined): boolean => check?.test[0] === 'NONE' || check?.test.length === 0;
