import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Service } from './build-service.ts';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Where SIGTERM and SIGINT arrive: the process. */
  readonly signals: EventEmitter;
  /** How long requests in flight may take once told to stop, in milliseconds; then their connections are cut. */
  readonly shutdownTimeoutMs: number;
}

/** A service that listens. */
export interface Serving {
  readonly port: number;
  /** Settles when a signal has come and the last request in flight has ended, or was cut. */
  readonly stopped: Promise<'finished' | 'cut'>;
}

/** How often connections are looked for that have nothing more to do, once told to stop. */
const LOOK_EVERY_MS = 100;

/** How long a connection that has sent nothing yet may still begin its request, once told to stop. */
const FIRST_REQUEST_MS = 1000;

/** Listens until a signal comes: then no new connection is taken, idle ones are closed, requests in flight finish. */
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
 * Closes connections that a stopping server would wait for: those kept alive by an answer that had begun before it was told
 * to stop, and, where that is asked for, those that have never sent anything, as browsers open them ahead.
 */
function watchIdle(server: Server): (unused: boolean) => void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // Node, which calls this when it closes, takes a connection for idle whose answer is written and still waits to be sent,
  // and cuts it. While there is one, none is closed: the server has to wait for it anyway.
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
