import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { patientTimer } from '../../src/model/patient-timer.ts';
import { realClock } from '../../src/real-clock.ts';
import { fakeClock } from '../fake-clock.ts';

it('handles what arrived in time first, even if the process is late', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const first = new Promise((resolve) => {
    socket.once('connect', () => resolve('the answer'));
    patientTimer(realClock, 20, () => resolve('the timer'));
  });
  // As if the machine were busy.
  const until = performance.now() + 100;
  while (performance.now() < until);
  expect(await first).toBe('the answer');
  socket.destroy();
  server.close();
});

it('calls back if nothing arrives, and never after it is stopped', async () => {
  const clock = fakeClock();
  const called: string[] = [];
  patientTimer(clock, 1, () => called.push('stopped'))();
  patientTimer(clock, 5, () => called.push('came'));
  await clock.advance(4);
  expect(called).toEqual([]);
  await clock.advance(1);
  expect(called).toEqual(['came']);
});
