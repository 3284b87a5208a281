import type { IngressPort } from '../model/ingress.ts';

/** HAProxy's name for the frontend of a port whose protocol is detected. */
export const frontName = (port: number): string => `front-${port}`;

/** HAProxy's name for the backend of a port's HTTP/1 requests, or for the only proxy of a port. */
export const proxyName = (port: number): string => `port-${port}`;

/** The suffixes of the backends of a port whose protocol is detected: HTTP/1, HTTP/2 without TLS, bytes. */
const KINDS = ['', '-h2', '-tcp'] as const;
export type BackendKind = (typeof KINDS)[number];

/** HAProxy's names for the backends of a port. A slot is one server in each of them. */
export const backendNames = (port: IngressPort): string[] =>
  backendKinds(port).map((kind) => `${proxyName(port.port)}${kind}`);

export const backendKinds = (port: IngressPort): readonly BackendKind[] => (isDetected(port) ? KINDS : ['']);

/** The backends of a port whose connections are bytes. */
export const bytesBackends = (port: IngressPort): string[] =>
  isDetected(port) ? [`${proxyName(port.port)}-tcp`] : port.mode === 'http' ? [] : [proxyName(port.port)];

/** Whether the protocol of each connection of a port is detected by its first bytes. */
export const isDetected = ({ mode, speaksFirst, closed }: IngressPort): boolean =>
  mode === 'auto' && !speaksFirst && !closed;

/** HAProxy's name for the backend of connections from a replica to its own service's name. */
export const selfName = (port: number): string => `self-${port}`;

/** HAProxy's name for the backend whose servers hold the addresses of the replicas. Nothing is sent to them. */
export const ADDRESSES = 'addresses';

/** HAProxy's name for the server with one address of the replica in a slot, both counted from 0: `a1-1`, `a1-2`, … */
export const addressName = (slot: number, index: number): string => `a${slot + 1}-${index + 1}`;

/** HAProxy's name for a slot, counted from 0: `s1`, `s2`, … */
export const serverName = (slot: number): string => `s${slot + 1}`;

/** HAProxy's name for the backup server, used only while no slot is in service. Requests to it wait. */
export const HOLD_SERVER = 'hold';
