import { expect, it } from 'vitest';
import { parseSessions } from '../../src/ingress/parse-sessions.ts';

it('reads the sessions that have a server, and which of them are upgraded', () => {
  // As HAProxy 3.0.11 answers: its own session, a WebSocket, an upload, a request that waits, a script's socket.
  const answer = `0x7f731548c000: proto=unix_stream src=unix:1 fe=GLOBAL be=<NONE> srv=<none> ts=00 epoch=0 age=1s calls=1 rate=0 cpu=0 lat=0 rq[f=848001h,i=0,an=00h,ax=] rp[f=80048101h,i=0,an=00h,ax=] scf=[8,0h,fd=25,rex=59m59s,wex=] scb=[8,1h,fd=-1,rex=,wex=] exp=59m58s rc=0 c_exp=
0x7f731548c400: proto=tcpv4 src=172.22.0.1:41732 fe=front-3000 be=port-3000 srv=s12 ts=00 epoch=0 age=0s calls=4 rate=0 cpu=0 lat=0 rq[f=848000h,i=0,an=00h,ax=] rp[f=80048000h,i=0,an=00h,ax=] scf=[8,1000h,fd=26,rex=23d23h,wex=] scb=[8,1011h,fd=27,rex=23d23h,wex=] exp=0s rc=0 c_exp=
0x7f731548c800: proto=tcpv4 src=172.22.0.1:41758 fe=front-3000 be=port-3000 srv=s1 ts=00 epoch=0 age=0s calls=4 rate=0 cpu=0 lat=0 rq[f=840000h,i=0,an=8000h,ax=] rp[f=80000000h,i=0,an=1400000h,ax=] scf=[8,0h,fd=30,rex=10m,wex=] scb=[8,401h,fd=32,rex=,wex=] exp=0s rc=0 c_exp=
0x7f73156e6800: proto=tcpv6 src=fd00::1:41754 fe=front-3000 be=port-3000-h2 srv=hold ts=00 epoch=0 age=0s calls=4 rate=0 cpu=0 lat=0 rq[f=1840000h,i=0,an=00h,ax=] rp[f=80000000h,i=0,an=1400000h,ax=] scf=[8,82h,fd=29,rex=,wex=] scb=[8,1411h,fd=31,rex=59s,wex=] exp=0s rc=0 c_exp=
0x7f73156e6400: proto=? ts=404 epoch=0 age=0s calls=1 rate=0 cpu=0 lat=0 rq[f=848101h,i=0,an=00h,ax=] rp[f=80008000h,i=0,an=00h,ax=] scf=[8,40002h,fd=34,rex=,wex=] scb=[8,8001h,fd=-1,rex=,wex=] exp=1h rc=0 c_exp=
`;
  expect(parseSessions(answer)).toEqual([
    { proxy: 'port-3000', server: 's12', upgraded: true },
    { proxy: 'port-3000', server: 's1', upgraded: false },
    { proxy: 'port-3000-h2', server: 'hold', upgraded: false },
  ]);
  expect(parseSessions('\n')).toEqual([]);
});
