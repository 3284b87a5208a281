import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { patientTimer } from '../../src/model/patient-timer.ts';

it('lets what has arrived in time come first, however late the process is', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const first = new Promise((resolve) => {
    socket.once('connect', () => resolve('the answer'));
    patientTimer(20, () => resolve('the timer'));
  });
  // As if the machine had given its time to others.
  const until = performance.now() + 100;
  while (performance.now() < until);
  expect(await first).toBe('the answer');
  socket.destroy();
  server.close();
});

it('calls back when nothing comes, and not once it is stopped', async () => {
  const called: string[] = [];
  patientTimer(1, () => called.push('stopped'))();
  await new Promise<void>((resolve) => {
    patientTimer(5, resolve);
  });
  expect(called).toEqual([]);
});
