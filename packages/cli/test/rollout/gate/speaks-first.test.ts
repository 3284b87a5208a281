import { once } from 'node:events';
import { createServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { isHttp2Settings } from '../../../src/rollout/gate/speaks-first.ts';

it('recognizes what a server of HTTP/2 sends at once', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const [bytes] = await once(socket, 'data');
  expect(isHttp2Settings(bytes)).toBe(true);
  for (let length = 0; length < 9; length += 1) expect(isHttp2Settings(bytes.subarray(0, length))).toBeUndefined();
  expect(isHttp2Settings(bytes.subarray(0, 9))).toBe(true);
  socket.destroy();
  server.close();
});

it.each([
  ['SMTP', '220 mail ESMTP\r\n'],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['Redis', '-DENIED\r\n'],
  ['one byte', 'x'],
])('is not in the greeting of %s', (_, greeting) => {
  expect(isHttp2Settings(Buffer.from(greeting))).toBe(false);
});

it.each([
  ['MySQL', [0x4a, 0, 0, 0, 0x0a, 0x38, 0x2e, 0x30, 0x2e, 0x33]],
  ['a frame of another type', [0, 0, 6, 6, 0, 0, 0, 0, 0]],
  ['a greeting of zeros', [0, 0, 0, 0]],
  ['an odd length', [0, 0, 5, 4, 0, 0, 0, 0, 0]],
])('is not in the first bytes of %s', (_, greeting) => {
  expect(isHttp2Settings(Buffer.from(greeting))).toBe(false);
});
