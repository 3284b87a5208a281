import { posix } from 'node:path';
import type { ContainerSpec } from '../model/container.ts';
import { RUNTIME_SOCKET } from './runtime-socket.ts';

/**
 * The limits of an ingress container. They are not part of the ingress's spec hash: an existing container keeps its
 * limits until it is replaced for another reason, because a replacement causes a gap.
 */
export const CONFINEMENT = {
  capDrop: ['ALL'],
  securityOpt: ['no-new-privileges'],
  // HAProxy writes its sockets, and lobbie the configuration. Each has a volume, because a tmpfs would belong to root.
  readOnly: true,
  mounts: [{ kind: 'volume', target: posix.dirname(RUNTIME_SOCKET), readOnly: false }],
  // The master, at most four threads per worker, old workers that still serve, and one socat per session.
  pidsLimit: 1000,
  // Measured with HAProxy 3.0: 13 MB idle, 53 kB for each connection that carries a request. `fd-hard-limit` in the
  // configuration allows some 16,000 connections.
  memoryBytes: 1024 ** 3,
} as const satisfies Partial<ContainerSpec>;
