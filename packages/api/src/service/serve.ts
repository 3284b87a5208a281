import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Service } from './build-service.ts';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** The source of SIGTERM and SIGINT: the process. */
  readonly signals: EventEmitter;
  /** How long requests in flight may take after a signal, in milliseconds. Then their connections are cut. */
  readonly shutdownTimeoutMs: number;
}

/** A service that listens. */
export interface Serving {
  readonly port: number;
  /** Settles after a signal, when the last request in flight has ended or was cut. */
  readonly stopped: Promise<'finished' | 'cut'>;
}

/** How often to look for connections that are done, after a signal. */
const LOOK_EVERY_MS = 100;

/** How long a connection that has sent nothing may still begin its request, after a signal. */
const FIRST_REQUEST_MS = 1000;

/** Listens until a signal: then it takes no new connection, closes idle ones, and lets requests in flight finish. */
export async function serve({ app, lifecycle }: Service, options: ServeOptions): Promise<Serving> {
  const { promise: told, resolve: tell } = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT']) {
    options.signals.once(signal, () => {
      lifecycle.markDraining();
      tell(signal);
    });
  }
  const closeIdle = watchIdle(app.server);
  await app.listen({
    host: options.host,
    port: options.port,
    listenTextResolver: (address) => `listening at ${address}`,
  });
  lifecycle.markReady();
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { port, stopped: told.then((signal) => stop(signal)) };

  async function stop(signal: string): Promise<'finished' | 'cut'> {
    app.log.info({ signal }, 'stopping');
    const { promise: late, resolve: ring } = Promise.withResolvers<'cut'>();
    const timer = setTimeout(ring, options.shutdownTimeoutMs, 'cut');
    const startedMs = performance.now();
    const looking = setInterval(() => closeIdle(performance.now() - startedMs > FIRST_REQUEST_MS), LOOK_EVERY_MS);
    const outcome = await Promise.race([app.close().then(() => 'finished' as const), late]);
    clearTimeout(timer);
    clearInterval(looking);
    if (outcome === 'cut') {
      app.log.warn('stopped before all requests had finished');
      app.server.closeAllConnections();
    }
    return outcome;
  }
}

/**
 * Closes connections that a stopping server would wait for: those kept alive by an answer that began before the signal
 * and, if asked for, those that have never sent anything, which browsers open ahead of time.
 */
function watchIdle(server: Server): (unused: boolean) => void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // Node calls this when it closes. It treats a connection as idle if its answer is written but still waits to be sent,
  // and cuts it. So while there is such a connection, none is closed. The server has to wait for it anyway.
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    for (const { writableLength } of open) if (writableLength > 0) return;
    closeIdle();
  };
  return (unused) => {
    server.closeIdleConnections();
    if (unused) for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}
