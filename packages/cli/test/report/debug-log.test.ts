import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createDebugLog } from '../../src/report/debug-log.ts';

const ID = 'ab'.repeat(32);

function opened() {
  const err = new PassThrough();
  const clock = { ms: 1000 };
  return {
    log: createDebugLog({ mask: (text) => text.replaceAll('hunter22', '***'), err, now: () => clock.ms }),
    clock,
    said: () => String(err.read() ?? ''),
  };
}

describe('the debug log', () => {
  it('writes a line for each call when it ends: start, duration, status, method, path', () => {
    const { log, clock, said } = opened();
    clock.ms = 1250;
    const call = log.hear('GET', `/v1.41/containers/${ID}/json`);
    clock.ms = 1260;
    call.answered(200, false);
    expect(said()).toBe('');
    clock.ms = 1262;
    call.ended();
    expect(said()).toBe('debug     0.250 s     0.012 s  200        GET /v1.41/containers/abababababab/json\n');
  });

  it('writes a line when a stream opens and one when it ends; lobbie ending it is no failure', () => {
    const { log, clock, said } = opened();
    const call = log.hear('GET', '/events');
    clock.ms = 1003;
    call.answered(200, true);
    clock.ms = 6000;
    call.ended('ABORT_ERR');
    expect(said().split('\n')).toEqual([
      'debug     0.000 s     0.003 s  200 open   GET /events',
      'debug     0.000 s     5.000 s  200 ended  GET /events',
      '',
    ]);
  });

  it('names the failure of a call without an answer, and of an answer that broke off', () => {
    const { log, said } = opened();
    log.hear('GET', '/version').ended('ECONNREFUSED');
    const cut = log.hear('GET', '/info');
    cut.answered(200, false);
    cut.ended('ECONNRESET');
    expect(said()).toMatch(/0\.000 s {2}ECONNREFUSED {2}GET \/version\n.*0\.000 s {2}200 ECONNRESET {2}GET \/info\n$/);
  });

  it('ends with a waterfall, once', () => {
    const { log, clock, said } = opened();
    const [first, second] = [log.hear('GET', '/version'), log.hear('POST', '/containers/a/attach')];
    clock.ms = 1500;
    first.answered(200, false);
    first.ended();
    second.answered(101, true);
    log.hear('GET', `/${'x'.repeat(100)}`);
    said();
    clock.ms = 2000;
    log.close();
    log.close();
    second.ended();
    expect(said().split('\n')).toEqual([
      'debug  3 calls to the engine in 1.000 s, 2 still open',
      `debug  |${'='.repeat(20)}${' '.repeat(20)}|  200       GET /version`,
      `debug  |${'='.repeat(39)}>|  101 open  POST /containers/a/attach`,
      `debug  |${' '.repeat(20)}${'='.repeat(19)}>|  waiting   GET /${'x'.repeat(56)}...`,
      '',
    ]);
  });

  it('says that no call was made', () => {
    const { log, said } = opened();
    log.close();
    expect(said()).toBe('debug  0 calls to the engine in 0.000 s\n');
  });

  it('keeps what an engine or a file wrote from moving the cursor', () => {
    const { log, said } = opened();
    log.hear('GET', '/containers/\u001b[2Ja\nb').ended('ssh: no\u001b[31m route\nto host');
    log.close();
    expect(said().replaceAll(/^debug .*\n/gm, (line) => line.slice(0, -1))).not.toMatch(/\p{Cc}/u);
  });
});
