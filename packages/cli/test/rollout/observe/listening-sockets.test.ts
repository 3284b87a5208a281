import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/model/engine.ts';
import { LobbieError } from '../../../src/model/errors.ts';
import {
  listeningSockets,
  parseSockets,
  randomPorts,
  servedPorts,
  socketsFromOutside,
} from '../../../src/rollout/observe/listening-sockets.ts';
import { type ScriptedEngine, scriptedEngine } from '../scripted-engine.ts';

// As read in a container of the engine: listening on 127.0.0.1:3000, the engine's DNS, [::]:8080, [::1]:9090,
// [::ffff:10.0.0.2]:80, and one connection.
const TABLES = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123456 1 0000000000000000 100 0 0 10 0
   1: 0B00007F:A0F1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 123457 1 0000000000000000 100 0 0 10 0
   2: 020011AC:0BB8 010011AC:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 123458 1 0000000000000000 20 4 30 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123459 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:2382 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123460 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000200000A:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123461 1 0000000000000000 100 0 0 10 0
`;

it('reads the sockets that listen, of both families, without the engine’s own DNS', () => {
  expect(parseSockets(TABLES)).toEqual([
    { address: '127.0.0.1', port: 3000 },
    { address: '::', port: 8080 },
    { address: '::1', port: 9090 },
    { address: '10.0.0.2', port: 80 },
  ]);
});

it('reads nothing from what is no table', () => {
  expect(parseSockets('cat: /proc/net/tcp: No such file or directory\n')).toEqual([]);
});

it('finds what listens among thousands of connections', async () => {
  const ended = TABLES.split('\n')[3]?.replace(' 01 ', ' 06 ');
  const output = `${TABLES}${`${ended}\n`.repeat(20_000)}`;
  const exec: Engine['exec'] = async (_container, _argv, { mostBytes = 64 * 1024 } = {}) => ({
    exitCode: 0,
    output: output.slice(-mostBytes),
  });
  expect(await listeningSockets({ exec } as Engine, 'web')).toHaveLength(4);
});

it.each([
  ['of all addresses', '0.0.0.0', 3000, 'served'],
  ['of all addresses over IPv6', '::', 3000, 'served'],
  ['of one address', '10.0.0.2', 3000, 'served'],
  ['of the loopback', '127.0.0.1', 3000, 'neither'],
  ['of another loopback', '127.0.1.1', 40_000, 'neither'],
  ['of the loopback over IPv6', '::1', 3000, 'neither'],
  ['the last one before the range', '::', 32_767, 'served'],
  ['the first one in the range', '::', 32_768, 'random'],
  ['the last one in the range', '::', 60_999, 'random'],
  ['the first one after the range', '::', 61_000, 'served'],
])('tells ports that others reach from those that a program got at random: %s', (_what, address, port, kind) => {
  // Programs often listen on a port twice, once for each family.
  const sockets = [
    { address, port },
    { address, port },
  ];
  expect([servedPorts(sockets), randomPorts(sockets)]).toEqual([
    kind === 'served' ? [port] : [],
    kind === 'random' ? [port] : [],
  ]);
});

describe('the sockets of a container seen from outside', () => {
  const spec = { name: 'seed', image: 'job:1', labels: {}, networks: [] };
  const joining = (engine: ScriptedEngine, onStart: () => Promise<unknown> = async () => undefined) => {
    const start = engine.startContainer;
    engine.startContainer = async (id) => {
      if ((await engine.inspectContainer(id))?.name === 'seed') return start(id);
      await onStart();
      throw new LobbieError(
        'ENGINE_ERROR',
        'Could not start: cannot join network namespace of a non running container.',
      );
    };
    return engine;
  };

  it.each([
    ['has ended', true],
    ['ends while another container is about to share its network', false],
  ])('are none where it %s', async (_when, before) => {
    const engine = scriptedEngine();
    const id = await engine.createContainer(spec);
    await engine.startContainer(id);
    const stop = () => engine.stopContainer(id, 0);
    if (before) await stop();
    joining(engine, before ? undefined : stop);
    expect(await socketsFromOutside(engine, 'p', 'app:1', id)).toEqual([]);
    expect(engine.containers().map(({ name }) => name)).toEqual(['seed']);
  });

  it('are not known where it runs and its network cannot be shared', async () => {
    const engine = scriptedEngine();
    const id = await engine.createContainer(spec);
    await engine.startContainer(id);
    await expect(socketsFromOutside(joining(engine), 'p', 'app:1', id)).rejects.toThrow('cannot join');
  });
});
