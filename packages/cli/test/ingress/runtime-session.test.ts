import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/engine/engine-error.ts';
import { reload } from '../../src/ingress/reload.ts';
import { openRuntimeSession } from '../../src/ingress/runtime-session.ts';
import type { ExecResult } from '../../src/model/container.ts';
import type { Engine } from '../../src/model/engine.ts';
import { realClock } from '../../src/real-clock.ts';
import { dial } from '../../src/rollout/gate/dial.ts';

const doing = 'run socat in container "p-web-ingress"';

/** An engine whose execs are answered by hand; `tries` counts those that were opened. */
const engineOf = (open: Engine['openExec'], result?: ExecResult) => {
  let tries = 0;
  const engine = {
    endpoint: { url: 'tcp://x', chosenBy: 'test', local: false },
    exec: async () => result ?? { exitCode: 0, output: '' },
    openExec: (...given: Parameters<Engine['openExec']>) => {
      tries += 1;
      return open(...given);
    },
  } as Partial<Engine> as Engine;
  return { engine, tries: () => tries };
};

/** A stream that fails as one whose program the engine could not run. */
const failing = (error: Error): Duplex => {
  const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  setImmediate(() => stream.destroy(error));
  return stream;
};

/** HAProxy's Runtime API, which answers every line alike. */
const answering = (): Duplex => {
  const stream: Duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      for (const _ of chunk.toString().trim().split('\n')) stream.push('fine\n> ');
      done();
    },
  });
  return stream;
};

const DEADLINE_MS = 1_000_000;

describe('a conversation with the ingress', () => {
  it.each([
    ['socat is not in the image', 'exec: "socat": executable file not found in $PATH', '"socat" is not in the image'],
    ['it may not be run', 'exec: "socat": permission denied: unknown', '"socat" cannot be run'],
    ['the container is gone', 'No such container: p-web-ingress', 'there is no container p-web-ingress'],
  ])('ends at once with what the engine says where %s', async (_what, words, message) => {
    const { engine, tries } = engineOf(async () => failing(refusal(words, doing)));
    await expect(
      openRuntimeSession({ engine, clock: realClock }, 'c', DEADLINE_MS).run(['show info']),
    ).rejects.toMatchObject({
      code: 'INGRESS_FAILED',
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
    expect(tries()).toBe(1);
  });

  it('ends at once also where the engine refuses before it takes the connection over', async () => {
    const { engine, tries } = engineOf(() => Promise.reject(refusal('No such container: c', doing)));
    await expect(openRuntimeSession({ engine, clock: realClock }, 'c', DEADLINE_MS).run(['show info'])).rejects.toThrow(
      'no container c',
    );
    expect(tries()).toBe(1);
  });

  it('begins again while the container restarts', async () => {
    const answers = [
      'Container c is restarting, wait until the container is running',
      'cannot exec in a stopped container',
    ];
    const { engine, tries } = engineOf(async () => {
      const words = answers.shift();
      return words === undefined ? answering() : failing(refusal(words, doing));
    });
    expect(await openRuntimeSession({ engine, clock: realClock }, 'c', DEADLINE_MS).run(['show info'])).toEqual([
      'fine',
    ]);
    expect(tries()).toBe(3);
  });

  it('says what was heard last where the time is up', async () => {
    const { engine } = engineOf(async (_container, _argv, heard) => {
      heard?.(Buffer.from('2026/11/28 22:00:00 socat[7] E connect(5, AF=1 "/run/x", 8): Connection refused\n'));
      const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
      setImmediate(() => stream.push(null));
      return stream;
    });
    await expect(openRuntimeSession({ engine, clock: realClock }, 'c', 0).run(['show info'])).rejects.toThrow(
      'The ingress did not answer "show info" in 0 ms (the connection to the runtime socket ended: connect(5, AF=1 "/run/x", 8): Connection refused).',
    );
  });
});

describe('a program that the ingress does not have', () => {
  const missing = { exitCode: 127, output: 'sh: 1: socat: not found\n' };
  const refused = { exitCode: 1, output: '' };
  const session = { run: async () => ['Pid: 1', ''], reconnect: () => undefined, close: () => undefined };
  const target = { address: '10.0.0.9', port: 80, near: async () => false, via: async () => 'c' };

  it('is what a reload fails with, not a refusal of the configuration', async () => {
    const { engine } = engineOf(async () => answering(), missing);
    await expect(reload({ engine, clock: realClock }, 'c', session)).rejects.toThrow(
      'lobbie cannot run a program in the ingress: sh: 1: socat: not found',
    );
  });

  it('is what a connection through it fails with, not a refusal of the replica', async () => {
    await expect(
      dial({ ...engineOf(async () => answering(), missing), clock: realClock }, target),
    ).rejects.toMatchObject({
      code: 'INGRESS_FAILED',
    });
    await expect(
      dial({ ...engineOf(async () => answering(), refused), clock: realClock }, target),
    ).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  it('is not what a container says that is stopping', async () => {
    const stopping = {
      exitCode: 126,
      output: 'OCI runtime exec failed: exec failed: cannot exec in a stopped container: unknown\r\n',
    };
    await expect(
      dial({ ...engineOf(async () => answering(), stopping), clock: realClock }, target),
    ).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
