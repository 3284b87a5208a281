import { expect, it } from 'vitest';
import { configFiles } from '../../src/ingress/config-file.ts';
import { parseState } from '../../src/ingress/parse-state.ts';
import { fingerprint, renderHaproxyConfig } from '../../src/ingress/render-haproxy-config.ts';
import type { IngressPort, IngressState, SlotFill } from '../../src/model/ingress.ts';
import { slotCount } from '../../src/model/slot-count.ts';

const state: IngressState = {
  service: 'web',
  ports: [
    { port: 3000, mode: 'http' },
    { port: 8080, mode: 'tcp', unseen: true },
  ],
  holdTimeoutMs: 10_000,
  outageTimeoutMs: 5000,
  drainTimeoutMs: 30_000,
  clientTimeoutMs: 60_000,
  serverTimeoutMs: 45_000,
  slots: [{ container: 'shop-web-1-k3f9x2', state: 'ready' }, null, { container: 'shop-web-2-k3f9x2', state: 'drain' }],
};

const linesOf = (wanted: Partial<IngressState> = {}): string[] =>
  renderHaproxyConfig({ ...state, ...wanted })
    .split('\n')
    .map((line) => line.trim());

it('gives back the state that a configuration was rendered from', () => {
  expect(parseState(renderHaproxyConfig(state))).toEqual(state);
});

it('says what to do about a configuration that it did not write', () => {
  const refuse = () => parseState('global\n  maxconn 10\n');
  expect(refuse).toThrow(expect.objectContaining({ code: 'INGRESS_FAILED', hint: expect.stringContaining('lobbie') }));
  expect(() => parseState('# lobbie {"service":"web"}\n')).toThrow(expect.objectContaining({ code: 'INGRESS_FAILED' }));
});

it('lets nobody wait at a port where nothing listens', () => {
  const waits = (lines: readonly string[]) => lines.filter((line) => /lua\.hold|^server hold /.test(line));
  const closed: IngressState = { ...state, ports: [{ port: 8080, mode: 'tcp', unseen: true, closed: true }] };
  expect(waits(linesOf({ ports: [{ port: 8080, mode: 'tcp', unseen: true }] }))).toHaveLength(2);
  expect(waits(linesOf(closed))).toEqual([]);
  expect(parseState(renderHaproxyConfig(closed))).toEqual(closed);
  expect(fingerprint(closed)).not.toBe(fingerprint(state));
});

it('has one server a slot on each port, by the same name', () => {
  const servers = linesOf().filter((line) => line.startsWith('server s'));
  expect(servers.map((line) => line.split(' ')[1])).toEqual(['s1', 's2', 's3', 's1', 's2', 's3']);
  expect(servers[0]).toMatch(/^server s1 shop-web-1-k3f9x2:3000 /);
  expect(servers[3]).toMatch(/^server s1 shop-web-1-k3f9x2:8080 /);
});

it('sends requests to ready slots only', () => {
  const disabled = linesOf({ ports: [{ port: 3000, mode: 'http' }] })
    .filter((line) => line.startsWith('server s'))
    .map((line) => line.endsWith(' disabled'));
  expect(disabled).toEqual([false, true, true]);
});

const holdsOf = (generation: number): string[] =>
  renderHaproxyConfig(state, generation)
    .split('\n')
    .flatMap((line) => /server hold (\S+) backup/.exec(line)?.[1] ?? []);

it('has a backup on each port, where requests wait while no slot is in service', () => {
  expect(holdsOf(0)).toEqual(['127.0.11.184:1', '127.0.31.144:2']);
});

it('listens where requests of its own and of the workers before it come back', () => {
  for (const generation of [1, 2, 199, 200, 201]) {
    const binds = renderHaproxyConfig(state, generation).match(/(?<=bind )127\S+/g) ?? [];
    expect(binds).toEqual(expect.arrayContaining([...holdsOf(generation), ...holdsOf(generation - 1)]));
    expect(new Set(binds).size).toBe(binds.length);
  }
});

it('retries no request whose method may act twice', () => {
  const rule = linesOf().find((line) => line.startsWith('http-request disable-l7-retry'));
  expect(rule).not.toMatch(/POST|PATCH/);
});

it('serves each port in its own mode', () => {
  const listens = linesOf().filter((line) => line.startsWith('listen '));
  expect(listens).toEqual(['listen port-3000 from http', 'listen port-8080 from tcp']);
});

it('leaves everything about HTTP out where no port is in HTTP mode', () => {
  expect(
    linesOf({ ports: [{ port: 5432, mode: 'tcp' }] }).filter((line) =>
      /http|retry-on|idle-close/.test(line.replace(/^#.*|^tune\..*/, '')),
    ),
  ).toEqual([]);
});

it('has the timeouts it was given', () => {
  expect(linesOf()).toEqual(expect.arrayContaining(['timeout client 60000ms', 'timeout server 45000ms']));
});

it('lets a connection that is silent while it waits on a TCP port wait as long as any', () => {
  const lines = linesOf({ ports: [{ port: 5432, mode: 'tcp' }], clientTimeoutMs: 5000, holdTimeoutMs: 50_000 });
  expect(lines).toEqual(expect.arrayContaining(['timeout client 51000ms', 'timeout server 51000ms']));
});

it('tries a request no oftener for waiting longer, and one that came back once', () => {
  for (const holdTimeoutMs of [0, 30_000]) expect(linesOf({ holdTimeoutMs })).toContain('retries 3');
  expect(linesOf()).toContain('http-request disable-l7-retry if { so_name again }');
});

it('lets requests wait as long as they may, on each port', () => {
  const rules = linesOf({ holdTimeoutMs: 30_000 }).filter((line) => line.includes('lua.hold '));
  expect(rules.map((rule) => rule.split(' if ')[0])).toEqual([
    'http-request lua.hold port-3000 30000 5000',
    'tcp-request content lua.hold port-8080 30000 5000',
  ]);
  expect(linesOf({ empty: true }).filter((line) => line.includes('lua.hold port-3000 -1 5000'))).toHaveLength(1);
});

it('needs no reload to know a mode that was guessed right', () => {
  const ports = state.ports.map(({ port, mode }) => ({ port, mode }));
  expect(ports).not.toEqual(state.ports);
  expect(fingerprint({ ...state, ports })).toBe(fingerprint(state));
});

it('needs no reload for other fills of the same slots, and one for all else', () => {
  const fill: SlotFill = { container: 'shop-web-1-q7w1e3', state: 'ready' };
  expect(fingerprint({ ...state, slots: [null, fill, null] })).toBe(fingerprint(state));
  const changes: Partial<IngressState>[] = [
    { ports: state.ports.toReversed().map(({ port }) => ({ port, mode: 'tcp' })) },
    { ports: state.ports.slice(0, 1) },
    { holdTimeoutMs: 20_000 },
    { drainTimeoutMs: 1000 },
    { clientTimeoutMs: 1000 },
    { serverTimeoutMs: 1000 },
    { peers: { subnets: ['172.20.0.0/16'], gateways: ['172.20.0.1'] } },
    { trustedProxies: ['10.0.0.0/8'] },
    { loopbackPorts: [3000], peers: { subnets: [], gateways: ['172.20.0.1'] } },
    { proxyProtocol: 'v2' },
    { empty: true },
    { outageTimeoutMs: 1000 },
    { slots: [...state.slots, null] },
  ];
  const all = new Set([state, ...changes.map((change) => ({ ...state, ...change }))].map(fingerprint));
  expect(all.size).toBe(changes.length + 1);
});

it('has room for every replica and its successor', () => {
  expect([1, 8, 9, 40].map(slotCount)).toEqual([16, 16, 18, 80]);
});

it('is readable to the user that HAProxy runs as', () => {
  expect(configFiles(state)).toMatchObject([
    { name: 'hold.lua', mode: 0o644 },
    { name: 'own.lua', mode: 0o644 },
    { name: 'haproxy.cfg', mode: 0o644 },
  ]);
});

const trusting = (wanted: Partial<IngressState>): string[] =>
  linesOf({ ports: [{ port: 3000, mode: 'http' }], ...wanted }).filter((line) =>
    /^acl from-|txn\.trusted\) bool|expect-proxy/.test(line),
  );

it.each<[string, Partial<IngressState>, string[]]>([
  ['nobody, where it is not known who its peers are', {}, []],
  [
    'the containers on networks of the project, and not their gateway',
    { peers: { subnets: ['172.20.0.0/16', 'fd00:1::/64'], gateways: ['172.20.0.1', 'fd00:1::1'] } },
    [
      'acl from-inside src 172.20.0.0/16 fd00:1::/64',
      'acl from-gateway src 172.20.0.1 fd00:1::1',
      'http-request set-var(txn.trusted) bool(true) if from-inside !from-gateway',
    ],
  ],
  [
    'nobody on a network of others, and the proxies that the file names',
    { peers: { subnets: [], gateways: ['172.20.0.1'] }, trustedProxies: ['10.0.0.0/8', 'fd00::/8'] },
    ['acl from-proxy src 10.0.0.0/8 fd00::/8', 'http-request set-var(txn.trusted) bool(true) if from-proxy'],
  ],
  [
    'the gateway at a port that is published on a loopback address alone',
    { peers: { subnets: ['172.20.0.0/16'], gateways: ['172.20.0.1'] }, loopbackPorts: [3000] },
    [
      'acl from-proxy src 172.20.0.1',
      'acl from-inside src 172.20.0.0/16',
      'acl from-gateway src 172.20.0.1',
      'http-request set-var(txn.trusted) bool(true) if from-proxy',
      'http-request set-var(txn.trusted) bool(true) if from-inside !from-gateway',
    ],
  ],
  ['the gateway at no other port', { peers: { subnets: [], gateways: ['172.20.0.1'] }, loopbackPorts: [8080] }, []],
  [
    'who named the client by the PROXY protocol: named proxies alone, and only where the replicas read it too',
    { trustedProxies: ['10.0.0.0/8'], proxyProtocol: 'v1' },
    [
      'tcp-request connection expect-proxy layer4 if { src 10.0.0.0/8 }',
      'acl from-proxy src 10.0.0.0/8',
      'http-request set-var(txn.trusted) bool(true) if from-proxy',
    ],
  ],
  ['nobody by the PROXY protocol where the file names no proxy', { proxyProtocol: 'v2' }, []],
])('trusts %s', (_, wanted, lines) => expect(trusting(wanted)).toEqual(lines));

it('begins each connection to a replica as that one reads it, and to a free slot as the next one will', () => {
  const slots: IngressState['slots'] = [
    { container: 'old', state: 'drain' },
    { container: 'new', state: 'ready', proxyProtocol: 'v2' },
    null,
  ];
  const optionsOf = (proxyProtocol?: 'v1' | 'v2') =>
    linesOf({ ports: [{ port: 25, mode: 'tcp' }], slots, ...(proxyProtocol && { proxyProtocol }) })
      .filter((line) => line.startsWith('server s'))
      .map((line) => /send-proxy\S*/.exec(line)?.[0]);
  expect(optionsOf('v1')).toEqual([undefined, 'send-proxy-v2', 'send-proxy']);
  expect(optionsOf()).toEqual([undefined, 'send-proxy-v2', undefined]);
});

it('reads the state that an older version wrote', () => {
  const { outageTimeoutMs: _, ...before } = state;
  const text = `# lobbie ${JSON.stringify({ ...before, inside: true })}\n`;
  expect(parseState(text)).toEqual({ ...state, outageTimeoutMs: 10_000 });
});

it('waits for headers no longer than a minute, and between two requests as long as for a client', () => {
  expect(linesOf({ clientTimeoutMs: 600_000 })).toEqual(
    expect.arrayContaining(['timeout http-request 60s', 'timeout http-keep-alive 600000ms']),
  );
});

it('answers errors of its own in JSON', () => {
  const own = [400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 422, 425, 429, 500, 501, 502, 503, 504];
  for (const status of own)
    expect(renderHaproxyConfig(state)).toMatch(
      new RegExp(
        `^ {2}http-error status ${status} content-type application/json string '\\{"error":"[^']+\\."\\}'`,
        'm',
      ),
    );
  const retry = linesOf({ outageTimeoutMs: 2500 }).filter((line) => line.includes('Retry-After'));
  expect(retry.map((line) => /status (\d+) .* hdr Retry-After (\d+)$/.exec(line)?.slice(1))).toEqual([['503', '3']]);
});

it('lets no other limit end the wait of a connection, nor a worker whose requests still wait', () => {
  const lines = linesOf({ ports: [{ port: 25, mode: 'tcp' }], clientTimeoutMs: 5000, outageTimeoutMs: 50_000 });
  expect(lines).toEqual(
    expect.arrayContaining(['timeout client 51000ms', 'tcp-request inspect-delay 51000ms', 'hard-stop-after 50000ms']),
  );
});

it('refuses headers that are too large in its own words, and reads more than it lets through', () => {
  const lines = linesOf({ ports: [{ port: 3000, mode: 'auto' }] });
  const limits = lines
    .filter((line) => line.startsWith('http-request return'))
    .map((line) => [/status (\d+)/, /gt (\d+) \}/, /\|\| .*gt (\d+)/].map((part) => Number(part.exec(line)?.[1] ?? 0)));
  // Of the backend for HTTP/1, and of that for HTTP/2.
  const once = [
    [414, 33_792, 0],
    [431, 33_792, 300],
  ];
  expect(limits).toEqual([...once, ...once]);
  expect(lines).toEqual(expect.arrayContaining(['tune.bufsize 40960', 'tune.http.maxhdr 1000']));
});

it('lets a client of a stream in both ways be silent for as long as a replica may', () => {
  const rules = linesOf({ ports: [{ port: 3000, mode: 'auto' }] }).filter((line) => line.includes('set-timeout'));
  expect(rules).toEqual([
    'http-request set-timeout client 45000ms if { req.ver 2.0 } { req.hdr(content-type) -m beg application/grpc application/connect+ }',
  ]);
});

const sectionOf = (name: string, wanted: Partial<IngressState>): string[] => {
  const lines = linesOf(wanted);
  const begin = lines.findIndex((line) => line.startsWith(`${name} `));
  const end = lines.findIndex((line, at) => at > begin && /^(listen|frontend|backend|defaults) /.test(line));
  return lines.slice(begin, end === -1 ? undefined : end);
};

const IS_OWN = '{ var(sess.own) -m bool }';

it.each<[string, string, IngressPort, string, string]>([
  ['HTTP', 'listen port-80', { port: 80, mode: 'http' }, 'http-request allow', 'http-request set-dst src'],
  [
    'bytes',
    'listen port-80',
    { port: 80, mode: 'tcp' },
    'tcp-request content accept',
    'tcp-request content set-dst src',
  ],
  [
    'either',
    'frontend front-80',
    { port: 80, mode: 'auto' },
    'tcp-request content accept',
    'tcp-request content set-dst src',
  ],
  [
    'a server that speaks first',
    'listen port-80',
    { port: 80, mode: 'auto', speaksFirst: true },
    'tcp-request content accept',
    'tcp-request content set-dst src',
  ],
  [
    'nothing',
    'listen port-80',
    { port: 80, mode: 'auto', closed: true },
    'tcp-request content accept',
    'tcp-request content set-dst src',
  ],
])('sends a replica back to itself before any other rule, at a port for %s', (_what, proxy, port, pass, back) => {
  const section = sectionOf(proxy, { ports: [port] });
  const rules = section.filter((line) => /^(tcp|http)-request /.test(line) && !line.includes('inspect-delay'));
  expect(rules[0]).toBe('tcp-request content set-var(sess.own) src,lua.own unless { var(sess.own) -m found }');
  expect(rules[1]).toBe(`${pass} if ${IS_OWN}`);
  expect(section.find((line) => line.startsWith('use_backend'))).toBe(`use_backend self-80 if ${IS_OWN}`);
  const self = sectionOf('backend self-80', { ports: [port] });
  expect(self).toEqual(expect.arrayContaining([back, 'retries 0', 'server itself 0.0.0.0:0 no-check id 1000000']));
});

it('knows each address of a replica, on every network and in both families', () => {
  const of = (wanted: Partial<IngressState>) =>
    sectionOf('backend addresses', wanted).flatMap(
      (line) => /^server (\S+ \S+) .*resolve-prefer (\S+)/.exec(line)?.slice(1) ?? [],
    );
  expect(of({}).slice(0, 4)).toEqual(['a1-1 shop-web-1-k3f9x2:1', 'ipv4', `a2-1 "\${HOSTNAME}:1"`, 'ipv4']);
  const gateways = ['172.18.0.1', 'fd00::1'];
  expect(of({ networks: ['shop_front', 'shop.back'], peers: { subnets: [], gateways } }).slice(0, 8)).toEqual([
    ...['a1-1 shop-web-1-k3f9x2.shop_front:1', 'ipv4', 'a1-2 shop-web-1-k3f9x2.shop_front:1', 'ipv6'],
    ...['a1-3 shop-web-1-k3f9x2.shop.back:1', 'ipv4', 'a1-4 shop-web-1-k3f9x2.shop.back:1', 'ipv6'],
  ]);
});

it('listens over IPv6 where one of its networks has it', () => {
  const gateways = ['172.18.0.1', 'fd00::1'];
  expect(linesOf({ peers: { subnets: [], gateways } })).toContain('bind [::]:3000 v6only');
  expect(linesOf().filter((line) => line.includes('[::]'))).toEqual([]);
});
