import { posix } from 'node:path';
import type { ContainerSpec } from '../model/container.ts';
import { RUNTIME_SOCKET } from './runtime-socket.ts';

/**
 * What an ingress may do on its machine. It is no part of the ingress's spec hash: one that was made before keeps what
 * it has until it is made again for another reason, for to make it again costs a gap.
 */
export const CONFINEMENT = {
  capDrop: ['ALL'],
  securityOpt: ['no-new-privileges'],
  // It writes its sockets, and lobbie its configuration: each has a volume. A tmpfs would belong to root.
  readOnly: true,
  mounts: [{ kind: 'volume', target: posix.dirname(RUNTIME_SOCKET), readOnly: false }],
  // The master, at most four threads a worker, the former workers that still serve, and a socat a session.
  pidsLimit: 1000,
  // Measured with HAProxy 3.0: 13 MB idle, 53 kB for each connection that carries a request. `fd-hard-limit` in the
  // configuration allows some 16,000 connections.
  memoryBytes: 1024 ** 3,
} as const satisfies Partial<ContainerSpec>;
