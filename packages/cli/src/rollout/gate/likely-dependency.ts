import { namesOf } from '../../model/names-of.ts';
import type { Service } from '../../model/service.ts';
import type { Peer } from '../../model/step-inputs.ts';

/**
 * The likely cause of a failure whose log shows a failed connection: the replica did not wait for that service, or it
 * connects to its own container. Undefined if the log shows no such failure, or if the replica waited for the service.
 *
 * @param peers the other services of the project
 */
export function likelyDependency(
  log: readonly string[],
  { dependsOn }: Pick<Service, 'dependsOn'>,
  peers: readonly Peer[],
): string | undefined {
  const lines = log.filter((line) => FAILED_CONNECTION.test(line));
  if (lines.length === 0) return undefined;
  const conditionOf = (name: string) => dependsOn.find(({ service }) => service === name)?.condition;
  const named = peers.find((peer) => namesOf(peer).some((name) => lines.some((line) => isNamed(line, name))));
  const port = Number(lines.map((line) => PORT.exec(line)?.[1]).find((one) => one !== undefined));
  const started = peers.filter(({ name }) => conditionOf(name) === 'started');
  const byPort = [...started, ...peers].find(({ ports, expose }) =>
    [...expose, ...ports.map(({ target }) => target)].includes(port),
  );
  const itself = lines.map((line) => LOOPBACK.exec(line)?.[0]).find((one) => one !== undefined);
  if (named === undefined && itself !== undefined) return connectsToItself(itself, byPort ?? started[0]);
  const peer = named ?? byPort ?? (started.length === 1 ? started[0] : undefined);
  if (peer !== undefined) return notWaitedFor([peer.name], conditionOf(peer.name));
  return started.length > 1
    ? notWaitedFor(
        started.map(({ name }) => name),
        'started',
      )
    : undefined;
}

function notWaitedFor(names: readonly string[], condition: 'started' | 'healthy' | 'completed' | undefined) {
  if (condition === 'healthy' || condition === 'completed') return undefined;
  const all = names.join(' or ');
  const state = condition === 'started' ? 'which was started but may not be ready' : 'which is not in its depends_on';
  const wait = names.map((name) => `${name}: {condition: service_healthy}`).join(', ');
  return `Likely cause: it connects to ${all}, ${state}. Wait until it is ready: depends_on: {${wait}}, with a healthcheck in ${all}.`;
}

const connectsToItself = (address: string, peer: Peer | undefined): string =>
  `Likely cause: it connects to ${address}, which is its own container. Use the name of the service${peer ? `, such as ${peer.name}` : ''}.`;

/** Whether the name is used as a host: alone, in quotes or before a port, not as part of another word. */
const isNamed = (line: string, name: string): boolean => {
  const hosts = line.split(/[^\w.-]+/).map((word) => word.replace(/\.$/, ''));
  return hosts.includes(name);
};

/** Messages from Node, Python, Go, Java, PHP, Ruby, libpq, MySQL, Redis and the C library. */
const FAILED_CONNECTION =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|getaddrinfo|connection refused|could not translate host name|could not connect|can't connect|cannot connect|connection to .{1,80} refused|no such host|name or service not known|name resolution|name does not resolve|unknown (?:\w+ )?host|UnknownHostException|no route to host|(?:Error|errno) 111\b/i;

const LOOPBACK = /\b(?:127\.0\.0\.1|localhost)(?::\d{1,5})?\b|::1\b/;

/** `10.0.0.3:5432`, `db:5432`, `port 5432` */
const PORT = /(?:[\w.\]-]:|\bport )(\d{2,5})\b/;
