/** Whether a text uses a service's name as a host, and the ports that follow it. */
export interface Address {
  readonly ports: readonly number[];
}

/**
 * Finds a host in a text in the usual forms: alone (`db`), in a URL or an address (`redis://user@db/0`, `db:5432`), or
 * after a word such as `host` (`host=db`, `"host": "db"`). The word anywhere else does not count.
 */
export function findAddress(text: string, host: string): Address | undefined {
  const ports = new Set<number>();
  let found = text.trim() === host;
  for (let at = text.indexOf(host); at !== -1; at = text.indexOf(host, at + 1)) {
    const before = text.slice(Math.max(0, at - CONTEXT), at);
    const after = text.slice(at + host.length, at + host.length + CONTEXT);
    if (/[\w.-]$/.test(before) || /^(?:[\w-]|\.\w)/.test(after)) continue;
    const port = Number(/^:(\d{1,5})(?!\d)/.exec(after)?.[1]);
    const isPort = port > 0 && port < 65_536;
    if (isPort) ports.add(port);
    if (isPort || /(?:\/\/|@)$/.test(before) || isNamedHost(before)) found = true;
  }
  return found ? { ports: [...ports] } : undefined;
}

/** How much text on each side is examined. */
const CONTEXT = 24;

/** `host=`, `"hostname": "`, `DB_HOST: `, `server ` */
const isNamedHost = (before: string): boolean =>
  /(?:host(?:name)?|server|address|addr)["']?\s{0,3}[:=\s]\s{0,3}["']?$/i.test(before);

/**
 * Whether a text asks for every address behind a name: Prometheus with `dns_sd_configs`, gRPC with a target such as
 * `dns:///app:50051`.
 */
export function asksForEach(text: string, host: string): boolean {
  const from = text.indexOf('dns_sd_configs');
  const names = from === -1 ? [] : text.slice(from).split(/[\s,'"[\]{}]+/);
  const isTarget = (target: string): boolean => {
    const at = text.indexOf(target);
    return at !== -1 && !/^[\w.-]/.test(text.slice(at + target.length));
  };
  return names.includes(host) || isTarget(`dns:///${host}`) || isTarget(`dns://${host}`);
}
