import { expect, it } from 'vitest';
import { parseProxyStats } from '../../src/ingress/proxy-stats.ts';
import { addCounters, readCounters } from '../../src/ingress/read-counters.ts';
import { parseServerStates } from '../../src/ingress/server-states.ts';

// As HAProxy 3.0.11 writes them, with the fields that are not read cut off.
const SERVER_STATES = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord
3 port-3000 1 s1 172.18.0.2 0 5 1 1 29 1 0 0 14 0 0 0 9bbdfe2acf13 3000 -
3 port-3000 2 s2 172.18.0.4 2 68 1 1 0 1 0 1 6 0 0 0 web-2 3000 -
3 port-3000 3 s3 - 0 32 1 1 29 1 0 0 14 0 0 0 web-3 3000 -
3 port-3000 4 s4 172.18.0.5 2 76 1 1 0 1 0 1 6 0 0 0 web-4 3000 -
3 port-3000 5 s5 172.18.0.6 0 0 1 1 0 1 0 1 6 0 0 0 web-5 3000 -`;

const STATS = `# pxname,svname,scur,stot,econ,wretr,wredis,type,hrsp_2xx,hrsp_5xx,req_tot,srv_abrt,last_chk,mode
port-3000,FRONTEND,1,7,,,,0,4,5,10,,,http
port-3000,s1,1,9,0,1,2,2,4,2,10,1,Layer4 check passed, twice,http
port-3000,hold,0,0,0,0,0,2,0,0,0,0,,http
port-3000,BACKEND,1,9,3,1,3,1,4,5,10,1,,http
port-5432,FRONTEND,0,4,,,,0,,,,,,tcp
port-5432,s1,0,3,1,0,1,2,,,,,Layer4 check passed,tcp
port-5432,BACKEND,0,4,1,0,1,1,,,,,,tcp
`;

it('reads which servers take requests, and why the others do not', () => {
  const seen = parseServerStates(SERVER_STATES).map(({ server, address, running, admin }) => ({
    server,
    address,
    running,
    admin,
  }));
  expect(seen).toEqual([
    { server: 's1', address: '172.18.0.2', running: false, admin: 'maintenance' },
    { server: 's2', address: '172.18.0.4', running: true, admin: 'none' },
    { server: 's3', address: undefined, running: false, admin: 'unresolved' },
    { server: 's4', address: '172.18.0.5', running: true, admin: 'drain' },
    { server: 's5', address: '172.18.0.6', running: false, admin: 'none' },
  ]);
});

it('sees no server in an answer that is none', () => {
  expect(parseServerStates('Unknown command: "show", but maybe one of the following ones is a better match:')).toEqual(
    [],
  );
});

const linesOf = (...proxies: string[]) => parseProxyStats(STATS).filter(({ pxname = '' }) => proxies.includes(pxname));

it("tells requests that got no whole answer from the replicas' own errors", () => {
  expect(readCounters(linesOf('port-3000'))).toEqual({ total: 9, failed: 3 + 1, retried: 2, serverErrors: 2 });
});

it('takes a 5xx of a replica that is still being sent for no failure, nor for one less', () => {
  const lines = [
    '# pxname,svname,type,scur,stot,req_tot,hrsp_5xx,mode',
    'port-80,FRONTEND,0,1,3,3,2,http',
    'port-80,s1,2,1,3,,3,http',
    'port-80,BACKEND,1,1,3,3,2,http',
  ];
  expect(readCounters(parseProxyStats(lines.join('\n')))).toMatchObject({ failed: 0, serverErrors: 3 });
});

it('counts a request when its answer begins, so that no window has more errors than requests', () => {
  const head = '# pxname,svname,type,scur,stot,req_tot,hrsp_1xx,hrsp_2xx,hrsp_4xx,hrsp_5xx,mode';
  const read = (...lines: string[]) =>
    readCounters(parseProxyStats([head, ...lines, 'port-80,BACKEND,1,,,,,,,,http'].join('\n')));
  const inFlight = read('port-80,FRONTEND,0,9,9,9,,0,0,2,http', 'port-80,s1,2,7,9,,,0,0,2,http');
  expect(inFlight).toMatchObject({ total: 2, serverErrors: 2 });
  // The seven in flight are answered now, and nothing new has come.
  const later = read('port-80,FRONTEND,0,9,9,9,,0,0,5,http', 'port-80,s1,2,4,9,,,0,0,9,http');
  expect(later).toMatchObject({ total: 9, serverErrors: 9 });
  // HAProxy refused one itself, and a replica has told a client to continue.
  expect(read('port-80,FRONTEND,0,3,3,3,,2,1,0,http', 'port-80,s1,2,0,2,,,2,0,0,http')).toMatchObject({ total: 3 });
  expect(read('port-80,FRONTEND,0,1,1,1,0,1,0,0,http', 'port-80,s1,2,0,1,,1,1,0,0,http')).toMatchObject({ total: 1 });
});

it('counts once what came back to wait, and what failed after that', () => {
  const lines = [
    '# pxname,svname,type,scur,stot,dreq,req_tot,hrsp_2xx,hrsp_5xx,mode',
    'port-80,FRONTEND,0,6,6,1,13,0,12,http',
    'port-80,s1,2,0,9,,0,0,0,http',
    'port-80,hold,2,1,8,,0,0,7,http',
    'port-80,BACKEND,1,1,11,0,11,0,10,http',
    'port-81,FRONTEND,0,1,4,1,,,,tcp',
    'port-81,s1,2,1,2,,,,,tcp',
    'port-81,hold,2,0,1,,,,,tcp',
    'port-81,BACKEND,1,1,2,0,,,,tcp',
  ];
  const stats = parseProxyStats(lines.join('\n'));
  expect(readCounters(stats)).toEqual({ total: 5 + 3, failed: 5 + 1, retried: 0, serverErrors: 0 });
});

it('leaves to its successor to count what a old worker handed over, or will', () => {
  const lines = [
    '# pxname,svname,type,scur,stot,req_tot,hrsp_2xx,hrsp_5xx,mode',
    // Of nine requests, three were answered here and one is with a replica: three went on, and two wait.
    'port-80,FRONTEND,0,7,7,9,5,0,http',
    'port-80,s1,2,1,4,4,3,0,http',
    'port-80,hold,2,1,3,2,2,0,http',
    'port-80,BACKEND,1,2,7,7,5,0,http',
    'port-81,FRONTEND,0,4,9,,,,tcp',
    'port-81,s1,2,2,6,,,,tcp',
    'port-81,hold,2,1,1,,,,tcp',
    'port-81,BACKEND,1,3,7,,,,tcp',
  ];
  const total = (...proxies: string[]) =>
    readCounters(
      parseProxyStats(lines.join('\n')).filter(({ pxname = '' }) => proxies.includes(pxname)),
      true,
    ).total;
  expect(total('port-80')).toBe(4);
  expect(total('port-81')).toBe(7);
});

it('leaves out what replicas sent to their own service', () => {
  const lines = [
    '# pxname,svname,type,scur,stot,dreq,req_tot,hrsp_2xx,hrsp_5xx,mode',
    'port-80,FRONTEND,0,1,9,0,9,5,4,http',
    'port-80,s1,2,0,3,,,2,1,http',
    'port-80,BACKEND,1,0,3,0,3,2,1,http',
    'self-80,itself,2,1,6,,,3,2,http',
    'self-80,BACKEND,1,1,6,0,6,3,3,http',
    'port-81,FRONTEND,0,2,5,0,,,,tcp',
    'port-81,s1,2,1,2,,,,,tcp',
    'port-81,BACKEND,1,1,2,0,,,,tcp',
    'self-81,itself,2,1,3,,,,,tcp',
    'self-81,BACKEND,1,1,3,0,,,,tcp',
    'front-82,FRONTEND,0,1,7,0,0,,,tcp',
    'port-82,BACKEND,1,0,0,0,0,0,0,http',
    'port-82-tcp,s1,2,0,1,,,,,tcp',
    'port-82-tcp,BACKEND,1,0,1,0,,,,tcp',
    'self-82,itself,2,1,6,,,,,tcp',
    'self-82,BACKEND,1,1,6,0,,,,tcp',
  ];
  const of = (port: number, replaced = false) =>
    readCounters(
      parseProxyStats(lines.filter((line, at) => at === 0 || line.includes(`-${port}`)).join('\n')),
      replaced,
    );
  expect(of(80)).toEqual({ total: 3, failed: 0, retried: 0, serverErrors: 1 });
  expect(of(81)).toMatchObject({ total: 2, failed: 0 });
  expect(of(82)).toMatchObject({ total: 1, failed: 0 });
  for (const [port, total] of [
    [80, 3],
    [81, 2],
    [82, 1],
  ] as const)
    expect(of(port, true)).toMatchObject({ total });
});

it('counts connections on a port in TCP mode', () => {
  expect(readCounters(linesOf('port-5432'))).toEqual({ total: 4, failed: 1, retried: 1, serverErrors: 0 });
});

it('adds up the requests and connections of all ports', () => {
  expect(readCounters(parseProxyStats(STATS))).toEqual({ total: 13, failed: 5, retried: 3, serverErrors: 2 });
});

it('adds up what came before and after a reload', () => {
  const one = { total: 1, failed: 2, retried: 3, serverErrors: 4 };
  expect(addCounters(one, one)).toEqual({ total: 2, failed: 4, retried: 6, serverErrors: 8 });
});
