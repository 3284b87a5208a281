import { EventEmitter, once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { serve } from '../../src/service/serve.ts';
import { testService } from './test-service.ts';

/** A guard against hanging: what ends by itself ends long before. */
const PATIENT_MS = 300_000;

/** A service with one route that answers when it is released. */
async function serveSlow(shutdownTimeoutMs: number, routes: (app: FastifyInstance) => void = () => {}) {
  const { promise: released, resolve: release } = Promise.withResolvers<string>();
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  const service = await testService((app) => {
    routes(app);
    app.get('/slow', () => {
      enter();
      return released;
    });
  });
  const signals = new EventEmitter();
  const serving = await serve(service, { host: '127.0.0.1', port: 0, signals, shutdownTimeoutMs });
  return { ...serving, service, signals, release, entered };
}

/** Requests over one connection that is kept open. */
function client(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return async (path: string) => {
    const [response] = await once(get({ port, path, agent, host: '127.0.0.1' }), 'response');
    return { status: response.statusCode, connection: response.headers.connection, body: await text(response) };
  };
}

describe('serve', () => {
  it('is ready once it listens, and finishes what is in flight when a signal comes', async () => {
    const { port, stopped, service, signals, release, entered } = await serveSlow(PATIENT_MS);
    expect(await client(port)('/ready')).toMatchObject({ status: 200 });
    const slow = client(port)('/slow');
    await entered;
    signals.emit('SIGTERM');
    expect(service.lifecycle.state).toBe('draining');
    await expect(client(port)('/ready')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    release('done');
    expect(await slow).toEqual({ status: 200, connection: 'close', body: 'done' });
    expect(await stopped).toBe('finished');
  });

  it('closes idle connections at once', async () => {
    const { port, stopped, signals } = await serveSlow(PATIENT_MS);
    await client(port)('/health');
    signals.emit('SIGINT');
    expect(await stopped).toBe('finished');
  });

  it('closes a connection whose answer had begun before the signal, once that has ended', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { port, stopped, signals } = await serveSlow(PATIENT_MS, (app) => {
      app.get('/stream', (_request, reply) => {
        reply.send(
          Readable.from(
            (async function* () {
              yield 'first';
              await released;
              yield 'last';
            })(),
          ),
        );
      });
    });
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(get({ port, path: '/stream', agent, host: '127.0.0.1' }), 'response');
    signals.emit('SIGTERM');
    release();
    expect([response.headers.connection, await text(response)]).toEqual(['keep-alive', 'firstlast']);
    expect(await stopped).toBe('finished');
  });

  it('sends all of a large answer to a client that reads slowly', async () => {
    const size = 20_000_000;
    const { port, stopped, signals } = await serveSlow(PATIENT_MS, (app) => {
      app.get('/large', (_request, reply) => reply.send(Buffer.alloc(size)));
    });
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(get({ port, path: '/large', agent, host: '127.0.0.1' }), 'response');
    signals.emit('SIGTERM');
    await setTimeout(250);
    expect((await buffer(response)).length).toBe(size);
    expect(await stopped).toBe('finished');
  });

  it('lets a connection that has sent nothing yet begin its request, and does not wait for it for long', async () => {
    const { port, stopped, signals } = await serveSlow(PATIENT_MS);
    const [quick, silent] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await Promise.all([once(quick, 'connect'), once(silent, 'connect')]);
    expect(await client(port)('/health')).toMatchObject({ status: 200 });
    signals.emit('SIGTERM');
    quick.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await text(quick)).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(await stopped).toBe('finished');
    silent.destroy();
  });

  it('cuts what does not finish in time', async () => {
    const { port, stopped, signals, entered } = await serveSlow(30);
    const slow = client(port)('/slow');
    const cut = expect(slow).rejects.toThrow(/socket hang up|ECONNRESET/);
    await entered;
    signals.emit('SIGTERM');
    expect(await stopped).toBe('cut');
    await cut;
  });

  it('tells that a port is taken', async () => {
    const { port, stopped, signals } = await serveSlow(100);
    const service = await testService();
    const options = { host: '127.0.0.1', port, signals: new EventEmitter(), shutdownTimeoutMs: 100 };
    await expect(serve(service, options)).rejects.toThrow(/EADDRINUSE/);
    await service.app.close();
    signals.emit('SIGTERM');
    await stopped;
  });
});
