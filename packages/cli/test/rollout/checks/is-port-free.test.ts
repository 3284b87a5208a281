import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isPortFree } from '../../../src/rollout/checks/is-port-free.ts';

const inContainer = existsSync('/.dockerenv') && !existsSync('/sys/class/net/docker0');

describe.skipIf(inContainer)(`isPortFree${inContainer ? ' (skipped: in a container: run it on the host)' : ''}`, () => {
  it('finds a program on the address, and looks for one on IPv6 alone where the address is of IPv6', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // The cast: a server that listens on a port has such an address.
    const { port } = server.address() as AddressInfo;
    expect(await isPortFree(port, '127.0.0.1')).toBe(false);
    expect(await isPortFree(port, '0.0.0.0')).toBe(false);
    expect(await isPortFree(port, '')).toBe(false);
    expect(await isPortFree(port, '::')).toBe(true);
    server.close();
    await once(server, 'close');
    expect(await isPortFree(port, '127.0.0.1')).toBe(true);
  });
});
