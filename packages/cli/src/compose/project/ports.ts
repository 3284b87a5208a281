import { defined } from '../../model/defined.ts';
import type { PublishedPort } from '../../model/service.ts';
import type { PortConfig, ServiceConfig } from '../service-config.ts';
import type { Reading } from './reading.ts';

/** The published ports of a service. */
export const publishedPorts = (reading: Reading, path: string, { ports = [] }: ServiceConfig): PublishedPort[] =>
  ports.map((port, index) => publishedPort(reading, `${path}.ports[${index}]`, port));

function publishedPort(reading: Reading, path: string, port: PortConfig): PublishedPort {
  const [first = 0, last] = (port.published ?? '0').split('-').map(Number);
  return {
    target: port.target,
    protocol: protocolOf(reading, path, port.protocol),
    published: first,
    ...defined({
      publishedEnd: last,
      hostIp: port.host_ip,
      mode: modeOf(port.app_protocol),
    }),
  };
}

function protocolOf({ problem }: Reading, path: string, protocol = 'tcp'): PublishedPort['protocol'] {
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp') return protocol;
  problem(path, `expected the protocol tcp, udp or sctp, got "${protocol}"`);
  return 'tcp';
}

/**
 * HTTP/1 or bytes if the protocol says so; otherwise undefined, also for HTTP/2 without TLS: detected by the first
 * bytes.
 */
function modeOf(protocol = ''): 'http' | 'tcp' | undefined {
  if (/^(http|ws)$/i.test(protocol)) return 'http';
  return /^(http2|h2c|grpc|)$/i.test(protocol) ? undefined : 'tcp';
}

/** Whether `expose` names a port that is not TCP. */
export const exposesUdp = ({ expose = [] }: ServiceConfig): boolean =>
  expose.some((one) => {
    const [, protocol = 'tcp'] = one.split('/');
    return protocol.toLowerCase() !== 'tcp';
  });

/** TCP ports for other services, with ranges expanded. */
export const exposedPorts = ({ expose = [] }: ServiceConfig): number[] => [
  ...new Set(
    expose.flatMap((one) => {
      const [ports = '', protocol = 'tcp'] = one.split('/');
      const [first = 0, last = first] = ports.split('-').map(Number);
      if (protocol.toLowerCase() !== 'tcp' || !(first > 0) || last - first > MOST_EXPOSED) return [];
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  ),
];

/** The ingress listens on each of them. A range such as 1-65535 is not meant that way. */
const MOST_EXPOSED = 255;
