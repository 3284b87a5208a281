import { createSocket } from 'node:dgram';
import { expect, it } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { Service } from '../../src/model/service.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { aService } from './a-service.ts';
import { deployServices } from './deploy-services.ts';
import { testContext } from './test-context.ts';
import { NODE_IMAGE } from './test-project.ts';

describeEngine('a service that answers over UDP and TCP, as a DNS server does', (engine) => {
  it.each(['publishes', 'exposes'])('is reached by its name over both where it %s the UDP port', async (verb) => {
    await using context = testContext(engine);
    const port = await freePort();
    const tcp = { target: 5300, published: port, protocol: 'tcp' } as const;
    const udp = { target: 5300, published: port, protocol: 'udp' } as const;
    const containerName = `${context.project}-named`;
    const dns = (version: string): Service =>
      aService('dns', {
        image: NODE_IMAGE,
        entrypoint: ['node', '-e', SERVER],
        environment: { VERSION: version },
        containerName,
        networks: [{ key: 'default', aliases: ['resolver'] }],
        ports: verb === 'publishes' ? [tcp, udp] : [tcp],
        ...(verb === 'exposes' && { exposesUdp: true as const }),
        stopGracePeriodMs: 2000,
      });
    const client = aService('client', {
      image: NODE_IMAGE,
      entrypoint: ['sleep', '1000000'],
      ingress: { ...aService('x').ingress, wanted: false },
      settings: { init: true },
      stopGracePeriodMs: 2000,
    });
    const asked = async (): Promise<string> => {
      const found = await engine.listContainers({ [LABEL.project]: context.project, [LABEL.service]: 'client' });
      const names = ['dns', 'resolver', containerName].join(',');
      const argv = ['node', '-e', ASK, names];
      return (await engine.exec(found[0]?.id ?? '', argv, { timeoutMs: 120_000 })).output.trim();
    };
    for (const version of ['1', '2']) {
      expect(await deployServices(context, [dns(version), client])).toMatchObject({ outcome: 'deployed' });
      expect(await asked()).toBe(Array(3).fill(`udp ${version} tcp ${version}`).join('\n'));
      // From outside, TCP goes through the ingress.
      expect(await overTcp(port)).toBe(version);
      if (verb === 'publishes') expect(await overUdp(port)).toBe(version);
    }
    expect(await deployServices(context, [dns('2'), client])).toMatchObject({ outcome: 'unchanged' });
    const ingresses = await engine.listContainers({ [LABEL.project]: context.project, [LABEL.role]: 'ingress' });
    expect(ingresses.map(({ labels }) => labels[LABEL.service])).toEqual(['dns']);
    const published = ingresses.flatMap(({ ports }) => ports.map((one) => `${one.published}/${one.protocol}`));
    expect(new Set(published)).toEqual(new Set([`${port}/tcp`]));
  });
});

const SERVER = `
const version = process.env.VERSION;
const udp = require('node:dgram').createSocket('udp4');
udp.on('message', (_, from) => udp.send(version, from.port, from.address)).bind(5300);
require('node:http').createServer((_, response) => response.end(version)).listen(5300, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

/** Asks again where an answer is lost, as a resolver does. */
const ASK = `
const overUdp = (host) => new Promise((resolve) => {
  const socket = require('node:dgram').createSocket('udp4');
  const again = setInterval(() => socket.send('?', 5300, host), 200);
  socket.on('message', (text) => { clearInterval(again); socket.close(); resolve(String(text)); });
  socket.on('error', () => {});
});
(async () => {
  for (const host of process.argv.at(-1).split(',')) {
    const udp = await overUdp(host);
    const tcp = await (await fetch('http://' + host + ':5300/')).text();
    console.log('udp ' + udp + ' tcp ' + tcp);
  }
})();
`;

const overTcp = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text();

const overUdp = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const again = setInterval(() => socket.send('?', port, '127.0.0.1'), 200);
    socket.once('message', (text) => {
      clearInterval(again);
      socket.close();
      resolve(String(text));
    });
    socket.on('error', reject);
  });
