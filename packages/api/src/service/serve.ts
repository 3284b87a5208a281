import type { EventEmitter } from 'node:events';
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

/** Listens until a signal comes: then no new connection is taken, idle ones are closed, requests in flight finish. */
export async function serve({ app, lifecycle }: Service, options: ServeOptions): Promise<Serving> {
  const { promise: told, resolve: tell } = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT']) {
    options.signals.once(signal, () => {
      lifecycle.markDraining();
      tell(signal);
    });
  }
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
    const outcome = await Promise.race([app.close().then(() => 'finished' as const), late]);
    clearTimeout(timer);
    if (outcome === 'cut') {
      app.log.warn('stopped before all requests had finished');
      app.server.closeAllConnections();
    }
    return outcome;
  }
}
