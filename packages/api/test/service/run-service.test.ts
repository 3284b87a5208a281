import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { buildService } from '../../src/service/build-service.ts';
import { runService } from '../../src/service/run-service.ts';
import { integerIn, serviceShape } from '../../src/service/service-config.ts';

const shape = { ...serviceShape, DOOR: integerIn(0, 65_535).default(0) };

it('exits with 0 when a signal has come', async () => {
  expect(await run({}, (process) => process.emit('SIGTERM'))).toEqual({ err: '', status: [0] });
});

it('names a wrong variable in one line, and exits with 1', async () => {
  expect(await run({ DOOR: 'open' })).toEqual({ err: 'DOOR: expected a whole number from 0 to 65535\n', status: [1] });
});

it('names the variable of an address that it cannot listen on', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  expect(await run({ DOOR: String(port) })).toEqual({
    err: `DOOR: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
    status: [1],
  });
  holder.close();
  const elsewhere = await run({ HOST: '203.0.113.1' });
  expect(elsewhere).toEqual({ err: expect.stringMatching(/^HOST: listen EADDRNOTAVAIL: [^\n]+\n$/), status: [1] });
});

async function run(env: Record<string, string>, onListening = (_process: EventEmitter): void => {}) {
  const told = { err: '', status: [] as number[] };
  const process = Object.assign(new EventEmitter(), {
    env: { HOST: '127.0.0.1', LOG_LEVEL: 'silent', ...env },
    stderr: { write: (text: string) => (told.err += text) },
    exit: (status: number) => void told.status.push(status),
  });
  const build = async (config: Parameters<typeof buildService>[0]['config']) => {
    const service = await buildService({ info: { title: 'Test', version: '1.0.0' }, config, routes: () => {} });
    service.app.addHook('onListen', async () => onListening(process));
    return service;
  };
  await runService(process, shape, build, 'DOOR');
  return told;
}
