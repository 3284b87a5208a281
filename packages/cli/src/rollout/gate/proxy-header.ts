import { isIPv4, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProxyProtocol } from '../../model/ingress.ts';

/**
 * The beginning of lobbie's own connection to a replica that expects the PROXY protocol. It names lobbie as the client,
 * or nobody if lobbie connects through another container.
 *
 * @see https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
 */
export const proxyHeader = (version: ProxyProtocol, stream: Duplex): Buffer => {
  const ends = endsOf(stream);
  return version === 'v1' ? text(ends) : binary(ends);
};

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly [from: number, to: number];
}

/** Only IPv4, because lobbie reaches replicas over it. */
function endsOf(stream: Duplex): Ends | undefined {
  const { localAddress, remoteAddress, localPort, remotePort } = stream as Partial<Socket>;
  if (localAddress === undefined || remoteAddress === undefined) return undefined;
  if (localPort === undefined || remotePort === undefined) return undefined;
  if (!isIPv4(localAddress) || !isIPv4(remoteAddress)) return undefined;
  return { from: localAddress, to: remoteAddress, ports: [localPort, remotePort] };
}

const text = (ends: Ends | undefined): Buffer =>
  Buffer.from(
    ends === undefined ? 'PROXY UNKNOWN\r\n' : `PROXY TCP4 ${ends.from} ${ends.to} ${ends.ports.join(' ')}\r\n`,
    'latin1',
  );

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const VERSION_2 = 0x20;
const LOCAL = 0;
const PROXY = 1;
const UNSPECIFIED = 0;
const TCP_OVER_IPV4 = 0x11;

function binary(ends: Ends | undefined): Buffer {
  const [command, family] = ends === undefined ? [LOCAL, UNSPECIFIED] : [PROXY, TCP_OVER_IPV4];
  const body = ends === undefined ? Buffer.alloc(0) : addressesOf(ends);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([SIGNATURE, Buffer.from([VERSION_2 | command, family]), length, body]);
}

function addressesOf({ from, to, ports }: Ends): Buffer {
  const bytes = Buffer.alloc(12);
  for (const [at, part] of [from, to].flatMap((address) => address.split('.')).entries()) bytes[at] = Number(part);
  bytes.writeUInt16BE(ports[0], 8);
  bytes.writeUInt16BE(ports[1], 10);
  return bytes;
}
