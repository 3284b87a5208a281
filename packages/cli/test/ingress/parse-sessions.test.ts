import { expect, it } from 'vitest';
import { parseSessions } from '../../src/ingress/parse-sessions.ts';

it('reads the sessions that have a server, and which of them are upgraded', () => {
  // As HAProxy 3.0.11 answers, with most lines left out.
  const answer = `0x7ff27ea85000: [28/Nov/2026:18:46:56.501298] id=1 proto=tcpv4 source=192.168.32.1:47672
  flags=0xc4a, conn_retries=0, conn_exp=<NEVER> conn_et=0x000 srv_conn=0x7ff27eb47000, pend_pos=(nil) waiting=0 epoch=0
  frontend=front-7000 (id=3 mode=tcp), listener=? (id=1) addr=192.168.45.67:7000
  backend=port-7000 (id=5 mode=http) addr=192.168.45.67:58246
  server=s1 (id=1) addr=192.168.42.205:7000
  txn=0x7ff27fa33d20 flags=0x83000 meth=1 status=200 req.st=MSG_DONE rsp.st=MSG_DATA req.f=0x4c rsp.f=0x0e
0x7ff27ecd4400: [28/Nov/2026:18:46:56.795526] id=3 proto=tcpv4 source=192.168.32.1:47690
  frontend=front-7000 (id=3 mode=tcp), listener=? (id=1) addr=192.168.45.67:7000
  backend=port-7000 (id=5 mode=http) addr=192.168.45.67:58264
  server=s12 (id=12) addr=192.168.42.205:7000
  txn=0x7ff27ecbd380 flags=0x8000 meth=1 status=101 req.st=MSG_TUNNEL rsp.st=MSG_TUNNEL req.f=0xcc rsp.f=0xcc
0x7ff27ecd4800: [28/Nov/2026:18:46:59.803874] id=4 proto=unix_stream source=unix:1
  frontend=GLOBAL (id=0 mode=tcp), listener=? (id=1) addr=unix:1
`;
  expect(parseSessions(answer)).toEqual([
    { proxy: 'port-7000', server: 's1', upgraded: false },
    { proxy: 'port-7000', server: 's12', upgraded: true },
  ]);
  expect(parseSessions('\n')).toEqual([]);
});
