import type { IngressPort } from '../model/ingress.ts';

/** HAProxy's name of the frontend of a port that is detected by its first bytes. */
export const frontName = (port: number): string => `front-${port}`;

/** HAProxy's name of the backend for the HTTP/1 requests of a port, or of the proxy for all of it. */
export const proxyName = (port: number): string => `port-${port}`;

/** What the backends of a port that is detected by its first bytes end with: HTTP/1, HTTP/2 without TLS, bytes. */
const KINDS = ['', '-h2', '-tcp'] as const;
export type BackendKind = (typeof KINDS)[number];

/** HAProxy's names of the backends of a port. A slot is one server in each of them. */
export const backendNames = (port: IngressPort): string[] =>
  backendKinds(port).map((kind) => `${proxyName(port.port)}${kind}`);

export const backendKinds = (port: IngressPort): readonly BackendKind[] => (isDetected(port) ? KINDS : ['']);

/** Those of them whose connections are bytes. */
export const bytesBackends = (port: IngressPort): string[] =>
  isDetected(port) ? [`${proxyName(port.port)}-tcp`] : port.mode === 'http' ? [] : [proxyName(port.port)];

/** Whether each connection of a port is detected by its first bytes. */
export const isDetected = ({ mode, speaksFirst, closed }: IngressPort): boolean =>
  mode === 'auto' && !speaksFirst && !closed;

/** HAProxy's name of the backend for what a replica sends to the name of its own service. */
export const selfName = (port: number): string => `self-${port}`;

/** HAProxy's name of the backend whose servers carry the addresses of the replicas; nothing is sent to them. */
export const ADDRESSES = 'addresses';

/** HAProxy's name of the server with one address of the replica in a slot, both counted from 0: `a1-1`, `a1-2`, … */
export const addressName = (slot: number, index: number): string => `a${slot + 1}-${index + 1}`;

/** HAProxy's name of a slot, counted from 0: `s1`, `s2`, … */
export const serverName = (slot: number): string => `s${slot + 1}`;

/** HAProxy's name of the backup, which is tried only while no slot is in service: it leads to where requests wait. */
export const HOLD_SERVER = 'hold';
