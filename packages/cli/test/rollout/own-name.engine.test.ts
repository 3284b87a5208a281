import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Healthcheck, Service } from '../../src/model/service.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { aService, aWebService } from './a-service.ts';
import { deployServices } from './deploy-services.ts';
import { gateUntil } from './gate-until.ts';
import { testContext } from './test-context.ts';
import { NODE_IMAGE } from './test-project.ts';

describeEngine('the name of a service, inside its own replicas', (engine) => {
  it('leads to the replica itself, in the first deploy too, whatever its ports are', async () => {
    await using context = testContext(engine);
    const services = (status: string): Service[] => [
      asking('auto', { ports: [tcp(first)] }, { STATUS: status }),
      asking('http', { ports: [{ ...tcp(second), mode: 'http' }] }, { STATUS: status }),
      asking('bytes', { ports: [{ ...tcp(third), mode: 'tcp' }] }, { STATUS: status }),
      asking('exposed', { ports: [], shared: true, expose: [3000] }, { STATUS: status }),
      // Others may reach it, and nothing names its port.
      asking('found', { ports: [], shared: true, addressed: [] }, { STATUS: status }),
      asking('bound', { ports: [], shared: true, expose: [3000] }, { STATUS: status, BIND: 'bound' }),
    ];
    const [first, second, third] = [await freePort(), await freePort(), await freePort()];
    expect(await deployServices(context, services('200'))).toMatchObject({ outcome: 'deployed' });

    // The old replicas answer well: nothing but their own answer tells on the new ones.
    for (const name of ['auto', 'http', 'bytes', 'exposed', 'found', 'bound']) {
      const wanted = services('200').map((service) =>
        service.name === name ? services('500').find((one) => one.name === name) : service,
      );
      const failed = await deployServices(gateUntil(context, /over IPv4: 500/), wanted as Service[]);
      expect({ name, ...failed }).toMatchObject({ name, outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
      expect(failed.error?.message).toContain(`${name} over IPv4: 500`);
    }
    const renewed = await deployServices(context, services('201'));
    // Their own requests are nobody else's.
    expect(renewed).toMatchObject({ outcome: 'deployed', requests: { total: 0, failed: 0 } });
  });

  it('is each of its names, on each of its networks, over IPv4 and IPv6', async () => {
    await using context = testContext(engine);
    const subnet = `fd00:${randomInt(0x10000).toString(16)}:${randomInt(0x10000).toString(16)}::/64`;
    const containerName = `${context.project}-named`;
    const web = asking(
      'web',
      {
        containerName,
        ports: [tcp(await freePort())],
        replicas: 2,
        networks: [
          { key: 'default', aliases: ['site'] },
          { key: 'six', aliases: ['six'] },
        ],
      },
      { NAMES: `web,site,${containerName}`, NAMES6: `web,six,${containerName}` },
    );
    const networks = [{ key: 'six', enableIpv6: true, ipam: { pools: [{ subnet }] } }];
    expect(await deployServices(context, [web], { networks })).toMatchObject({ outcome: 'deployed' });
    const bad = { ...web, environment: { ...web.environment, STATUS: '500' } };
    const failed = await deployServices(gateUntil(context, /over IPv[46]: 500/), [bad], { networks });
    expect(failed).toMatchObject({ outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
  });
});

const tcp = (published: number) => ({ target: 3000, published, protocol: 'tcp' }) as const;

/** A service whose healthcheck asks it by its names, and wants the answer of the replica that asks. */
const asking = (name: string, change: Partial<Service>, environment: Readonly<Record<string, string>>): Service =>
  change.ports?.length
    ? aWebService(name, 0, definition(name, change, environment))
    : aService(name, definition(name, change, environment));

const definition = (name: string, change: Partial<Service>, environment: Readonly<Record<string, string>>) => ({
  image: NODE_IMAGE,
  entrypoint: ['node', '-e', SERVER],
  environment: { STATUS: '200', NAMES: name, NAMES6: '', ...environment },
  healthcheck: CHECK,
  stopGracePeriodMs: 2000,
  ...change,
});

const SERVER = `
const serve = (request, response) => response.writeHead(process.env.STATUS).end(require('node:os').hostname());
require('node:http').createServer(serve).listen(3000, process.env.BIND ?? '::');
process.on('SIGTERM', () => process.exit(0));
`;

const ASK = `
const { get } = require('node:http');
const dns = require('node:dns');
// By /etc/hosts, as most programs do, and by the DNS alone.
const byDns = (host, { family, all }, done) => dns['resolve' + family](host, (error, found) => {
  if (error) done(error);
  else if (all) done(null, [{ address: found[0], family }]);
  else done(null, found[0], family);
});
const ask = (host, family, lookup) => new Promise((resolve, reject) => {
  get({ host, family, lookup, port: 3000, agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (text) => {
      const own = text === require('node:os').hostname();
      if (response.statusCode < 300 && own) resolve();
      else reject(new Error(host + ' over IPv' + family + ': ' + response.statusCode + (own ? '' : ' of ' + text)));
    });
  }).on('error', (error) => reject(new Error(host + ' over IPv' + family + ': ' + error.code)));
});
const all = [[4, process.env.NAMES], [6, process.env.NAMES6]].flatMap(([family, names]) =>
  names.split(',').filter(Boolean).flatMap((host) => [dns.lookup, byDns].map((lookup) => ask(host, family, lookup))));
Promise.all(all).catch((error) => { console.log(error.message); process.exitCode = 1; });
`;

const CHECK: Healthcheck = {
  test: ['CMD', 'node', '-e', ASK],
  intervalMs: 2000,
  timeoutMs: 60_000,
  retries: 10,
  startPeriodMs: 0,
};
