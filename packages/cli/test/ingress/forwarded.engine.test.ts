import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { Engine } from '../../src/model/engine.ts';
import type { IngressPeers, IngressState } from '../../src/model/ingress.ts';
import { describeEngine } from '../engine-available.ts';
import { emptyState, type IngressSetup, type Replica, setupIngress } from './setup-ingress.ts';

type Headers = Readonly<Record<string, string>>;

const CLAIMED: Headers = {
  'x-forwarded-for': '192.0.2.1, 2001:db8::1',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'shop.example',
  'x-forwarded-port': '8443',
  forwarded: 'for=192.0.2.1;proto=https;host=shop.example',
  'x-real-ip': '192.0.2.1',
};

describeEngine('the headers by which a replica knows its client', (engine) => {
  it('passes what a container of the project says, and replaces what a client of a published port says', async () => {
    await using setup = await trusting(engine, {});
    const inside = await fromContainer(setup, CLAIMED);
    expect(inside).toMatchObject(CLAIMED);
    const outside = await fromHost(setup, CLAIMED);
    const { host } = new URL(setup.url());
    const gateway = (await peersOf(setup)).gateways[0];
    expect(outside).toMatchObject({
      'x-forwarded-for': gateway,
      'x-forwarded-proto': 'http',
      'x-forwarded-host': host,
      'x-forwarded-port': host.split(':')[1],
      forwarded: `for=${gateway};host="${host}";proto=http`,
    });
    expect(outside).not.toHaveProperty('x-real-ip');
  });

  it('completes what a trusted peer leaves out, and contradicts nothing that it says', async () => {
    await using setup = await trusting(engine, {});
    const told = async (claimed: Headers) => {
      const headers = await fromContainer(setup, claimed);
      const names = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'forwarded'];
      return names.map((name) => headers[name]);
    };
    const own = await told({});
    const [address] = own;
    expect(own).toEqual([address, 'http', 'web:3000', '3000', `for=${address};host="web:3000";proto=http`]);
    expect(address).toMatch(/^(\d+\.){3}\d+$/);
    expect(await told({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example' })).toEqual([
      address,
      'https',
      'shop.example',
      '443',
      `for=${address};host="shop.example";proto=https`,
    ]);
    expect(await told({ 'x-forwarded-for': '192.0.2.1, 2001:db8::1, 192.0.2.7:99' })).toEqual([
      '192.0.2.1, 2001:db8::1, 192.0.2.7:99',
      'http',
      'web:3000',
      '3000',
      'for=192.0.2.1, for="[2001:db8::1]", for="192.0.2.7:99";host="web:3000";proto=http',
    ]);
    const forwarded = 'for="[2001:db8::1]:99";proto=https;host="shop.example:8443", for=192.0.2.7';
    expect(await told({ forwarded })).toEqual(['2001:db8::1', 'https', 'shop.example:8443', '8443', forwarded]);
  });

  it('takes away what a stranger claims under any name that proxies use, and nothing else', async () => {
    await using setup = await trusting(engine, {});
    const names = ['Forwarded', 'X-Real-IP', 'X_Real_IP', 'X_REAL-ip', 'X-Forwarded-Port', 'X-Forwarded-Prefix'].concat(
      ['X_Forwarded_For', 'x_forwarded_host', 'X-Forwarded_Proto', 'X-Forwarded-Server', 'X-Forwarded'],
      ['X-FORWARDED-SSL'],
    );
    const claimed = Object.fromEntries(names.map((name) => [name.toLowerCase(), 'claimed']));
    const kept = { 'x-request-id': 'mine', 'x-forward': 'mine', 'x-really-ip': 'mine', 'not-x-real-ip': 'mine' };
    const arrived = (headers: Headers) => Object.keys(claimed).filter((name) => headers[name]?.includes('claimed'));
    const outside = await fromHost(setup, { ...claimed, ...kept });
    expect(arrived(outside)).toEqual([]);
    expect(outside).toMatchObject(kept);
    expect(arrived(await fromContainer(setup, claimed))).toEqual(Object.keys(claimed));
  });

  it('lets nobody write a part of Forwarded by a host name', async () => {
    await using setup = await trusting(engine, {});
    const told = await fromHost(setup, { host: 'a";for=192.0.2.1;x="' });
    expect(told.forwarded).toMatch(/^for=[\d.]+;proto=http$/);
  });

  it.each<[string, Partial<IngressState>, 'believed' | 'replaced']>([
    ['one from the gateway, at a port published on a loopback address', { loopbackPorts: [3000] }, 'believed'],
    ['one from the gateway, where another port is published so', { loopbackPorts: [3001] }, 'replaced'],
    ['a proxy that the file names', { trustedProxies: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] }, 'believed'],
    ['one that the file does not name', { trustedProxies: ['192.0.2.0/24', 'fd00::/8'] }, 'replaced'],
  ])('%s is %s', async (_, wanted, result) => {
    await using setup = await trusting(engine, wanted);
    const told = await fromHost(setup, CLAIMED);
    expect(told['x-forwarded-proto']).toBe(result === 'believed' ? 'https' : 'http');
  });

  it('hands the address on by the PROXY protocol where the file says so, and takes it from named proxies alone', async () => {
    const named = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
    await using setup = await trusting(engine, {
      ports: [
        { port: 3000, mode: 'auto' },
        { port: 3001, mode: 'tcp' },
      ],
      proxyProtocol: 'v1',
    });
    const [gateway = ''] = (await peersOf(setup)).gateways;
    const claim = 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n';
    // A stranger's claim is a part of what it sends.
    expect((await readBytes(setup, claim)).split('\r\n')).toEqual([
      expect.stringMatching(new RegExp(`^PROXY TCP4 ${gateway} `)),
      ...claim.split('\r\n'),
    ]);
    await setup.ingress.configure(() => ({ ...setup.ingress.state, trustedProxies: named }));
    expect((await readBytes(setup, `${claim}hello`)).split('\r\n')).toEqual([
      expect.stringMatching(/^PROXY TCP4 192\.0\.2\.1 192\.0\.2\.2 /),
      'hello',
    ]);
  });

  it('lets each replica read what it was deployed with while another version takes over', async () => {
    const ports: IngressState['ports'] = [{ port: 3001, mode: 'tcp' }];
    await using setup = await trusting(engine, { ports });
    expect(await readBytes(setup, 'hello')).toBe('hello');
    await setup.ingress.configure(() => ({ ...setup.ingress.state, proxyProtocol: 'v2' }));
    expect(await readBytes(setup, 'hello')).toBe('hello');
    const old = setup.ingress.state.slots[0]?.container ?? '';
    const next = await setup.startReplica('next', { PROXY_PORT: '3001' });
    await setup.ingress.admit(next.container, next.addresses);
    await setup.ingress.drain(old, { timeoutMs: 60_000 });
    expect(await readBytes(setup, 'hello')).toContain('\r\n\r\n\0\r\nQUIT\n');
    // Back again, as a rollout that is taken back does it; and into the slot that the other one had.
    await setup.ingress.admit(old, Object.values((await engine.inspectContainer(old))?.addresses ?? {}));
    await setup.ingress.free(next.container);
    expect(await readBytes(setup, 'hello')).toBe('hello');
    await setup.ingress.free(old);
    for (const at of setup.ingress.state.slots.keys()) {
      const name = `r${at}`;
      if (at > 1) break;
      const more = await setup.startReplica(name, { PROXY_PORT: '3001' });
      await setup.ingress.admit(more.container, more.addresses);
      expect(await readBytes(setup, 'hello')).toContain('\r\n\r\n\0\r\nQUIT\n');
    }
  });
});

/** An ingress with one replica, that knows the networks it is on. */
const trusting = async (engine: Engine, wanted: Partial<IngressState>): Promise<IngressSetup> => {
  const setup = await setupIngress(engine, { ...emptyState, ...wanted });
  const replica = await setup.startReplica('a', { PROXY_PORT: '3001' });
  await setup.ingress.admit(replica.container, replica.addresses);
  const peers = await peersOf(setup);
  // Of the replica's network alone: a project whose network is its own.
  await setup.ingress.configure(() => ({ ...setup.ingress.state, peers }));
  return setup;
};

const peersOf = async ({ engine, network }: IngressSetup): Promise<IngressPeers> => {
  const pools = (await engine.inspectNetwork(network))?.pools ?? [];
  return {
    subnets: pools.flatMap(({ subnet }) => subnet ?? []),
    gateways: pools.flatMap(({ gateway }) => gateway?.split('/')[0] ?? []),
  };
};

/** What the replica was told when a program on the engine's machine asked at the published port: by way of the gateway. */
const fromHost = async (setup: IngressSetup, headers: Headers): Promise<Headers> => {
  const asked = request(`${setup.url()}/headers`, { headers, agent: false }).end();
  const [response] = await once(asked, 'response');
  return JSON.parse(await text(response));
};

/** A container of each network that is no replica of the service. */
const clients = new WeakMap<IngressSetup, Promise<Replica>>();

/** The same, asked from within another container of the network: a replica that asks its own service comes to itself. */
const fromContainer = async (setup: IngressSetup, headers: Headers): Promise<Headers> => {
  const client = clients.get(setup) ?? setup.startReplica('client');
  clients.set(setup, client);
  const { container } = await client;
  const script = `fetch('http://web:3000/headers', { headers: ${JSON.stringify(headers)} }).then((answer) => answer.text()).then(console.log)`;
  return JSON.parse(await setup.run(['node', '-e', script], container));
};

/** What the replica's second port reads when a client sends this and ends. */
const readBytes = async (setup: IngressSetup, sent: string): Promise<string> => {
  const { hostname, port } = new URL(setup.url(3001));
  const socket = connect(Number(port), hostname);
  socket.end(sent);
  return Buffer.from(await text(socket), 'hex').toString('latin1');
};
