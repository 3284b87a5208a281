import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { killContainer } from './past-lobbie.ts';
import { runContainer, sleeper } from './test-container.ts';

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describeEngine('streams of a container', (engine) => {
  const name = sleeper('streams');
  beforeAll(() => runContainer(engine, { name }));
  afterAll(() => engine.removeContainer(name, { force: true }));

  it('carries 32 MiB of binary both ways unchanged', async () => {
    const sent = randomBytes(32 * 1024 * 1024);
    const stream = await engine.openExec(name, ['cat']);
    const received = buffer(stream);
    stream.end(sent);
    const echo = await received;
    expect(echo.length).toBe(sent.length);
    expect(sha(echo)).toBe(sha(sent));
  });

  it('carries many small writes in order', async () => {
    const stream = await engine.openExec(name, ['cat']);
    const received = text(stream);
    for (let n = 0; n < 5000; n++) stream.write(`${n}\n`);
    stream.end();
    expect(await received).toBe(Array.from({ length: 5000 }, (_, n) => `${n}\n`).join(''));
  });

  it('keeps stdout open after the local side has ended', async () => {
    const stream = await engine.openExec(name, ['sh', '-c', 'sha256sum; sleep 0.3; echo after']);
    stream.end('abc');
    const output = await text(stream);
    expect(output).toMatch(/^ba7816bf[0-9a-f]+ {2}-\nafter\n$/);
  });

  it('drops stderr', async () => {
    const stream = await engine.openExec(name, ['sh', '-c', 'echo no >&2; echo yes']);
    expect(await text(stream)).toBe('yes\n');
  });

  it('lets a writer that nobody reads wait', async () => {
    const stream = await engine.openExec(name, ['sh', '-c', 'yes | head -c 200000000 | tee /dev/null; echo >&2']);
    await once(stream, 'readable');
    const buffered = await settledLength(stream);
    expect(buffered).toBeLessThan(4 * 1024 * 1024);
    stream.destroy();
    await closed(stream);
  });

  it('slows a sender down whose remote does not read', async () => {
    const stream = await engine.openExec(name, ['sleep', '60']);
    const chunk = Buffer.alloc(1024 * 1024);
    let full = false;
    for (let n = 0; n < 64 && !full; n++) full = !stream.write(chunk);
    expect(full).toBe(true);
    stream.destroy();
    await closed(stream);
  });

  it('closes when the process ends, without the local side ending', async () => {
    const stream = await engine.openExec(name, ['sh', '-c', 'read line; echo "$line"']);
    stream.write('bye\n');
    const closing = closed(stream);
    expect(await text(stream)).toBe('bye\n');
    await closing;
  });

  it.each(['end', 'destroy'] as const)('closes the remote stdin on %s', async (how) => {
    const mark = `/tmp/stdin-${how}`;
    const stream = await engine.openExec(name, ['sh', '-c', `cat; touch ${mark}`]);
    stream.write('x');
    await once(stream, 'data');
    stream[how]();
    stream.resume();
    await closed(stream);
    await expect.poll(async () => (await engine.exec(name, ['test', '-e', mark])).exitCode).toBe(0);
  });

  it('carries HTTP requests', async () => {
    const server = `printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nConnection: close\\r\\n\\r\\nhello'`;
    const stream = await engine.openExec(name, ['sh', '-c', `read request; ${server}; cat >/dev/null`]);
    const call = request({ createConnection: () => stream, path: '/file', host: 'replica' }).end();
    const [answer] = await once(call, 'response');
    expect(answer.statusCode).toBe(200);
    expect(await text(answer)).toBe('hello');
    stream.destroy();
    await closed(stream);
  });

  it('answers 200 questions over one open exec without losing one', async () => {
    const stream = await engine.openExec(name, ['sh', '-c', 'while read line; do echo "got $line"; done']);
    stream.setEncoding('utf8');
    for (let n = 0; n < 200; n++) {
      stream.write(`${n}\n`);
      const [answer] = await once(stream, 'data');
      expect(answer).toBe(`got ${n}\n`);
    }
    stream.end();
    await closed(stream);
  });

  it('closes an open exec when its container is killed', async () => {
    const victim = sleeper('killed');
    await runContainer(engine, { name: victim });
    try {
      const stream = await engine.openExec(victim, ['cat']);
      stream.write('x');
      await once(stream, 'data');
      stream.resume();
      const closing = closed(stream);
      await killContainer(engine, victim);
      await closing;
    } finally {
      await engine.removeContainer(victim, { force: true });
    }
  });

  it('refuses an exec in a container that is not there', async () => {
    await expect(engine.openExec('t-eng-nowhere', ['cat'])).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
  });

  it('fails with the words of the engine where the program cannot be run, and hands on what comes on stderr', async () => {
    const stream = await engine.openExec(name, ['no-such-program']);
    await expect(text(stream)).rejects.toMatchObject({
      message: expect.stringContaining('"no-such-program" is not in the image'),
    });
    const heard: Buffer[] = [];
    const loud = await engine.openExec(name, ['sh', '-c', 'echo no >&2; echo yes'], (stderr) => heard.push(stderr));
    expect(await text(loud)).toBe('yes\n');
    expect(Buffer.concat(heard).toString()).toBe('no\n');
  });
});

describeEngine('an attachment', (engine) => {
  const run = async (name: string): Promise<Duplex> => {
    await engine.removeContainer(name, { force: true });
    await runContainer(engine, { name, command: ['cat'], stdinOnce: true, start: false, autoRemove: true });
    const stream = await engine.attach(name);
    await engine.startContainer(name);
    return stream;
  };

  it.each(['end', 'destroy'] as const)('ends a container that reads its stdin on %s', async (how) => {
    const name = sleeper(`attach-${how}`);
    const stream = await run(name);
    stream.write('still here\n');
    stream[how]();
    await expect.poll(() => engine.inspectContainer(name)).toBeUndefined();
    await closed(stream);
  });

  it('closes when the container is killed, though nobody reads it', async () => {
    const name = sleeper('attach-killed');
    const stream = await run(name);
    const closing = closed(stream);
    await killContainer(engine, name);
    await closing;
    await expect.poll(() => engine.inspectContainer(name)).toBeUndefined();
  });

  it('stays open while the container runs', async () => {
    const name = sleeper('attach-open');
    const stream = await run(name);
    let isClosed = false;
    stream.on('close', () => {
      isClosed = true;
    });
    stream.write('.');
    expect((await engine.exec(name, ['sleep', '0.5'])).exitCode).toBe(0);
    expect(isClosed).toBe(false);
    expect((await engine.inspectContainer(name))?.state).toBe('running');
    stream.end();
    await closed(stream);
    await expect.poll(() => engine.inspectContainer(name)).toBeUndefined();
  });
});

async function closed(stream: Duplex): Promise<void> {
  if (!stream.closed) await once(stream, 'close', { signal: AbortSignal.timeout(300_000) });
}

/** Bytes buffered here once no more arrive. */
async function settledLength(stream: Duplex): Promise<number> {
  let last = -1;
  await expect
    .poll(
      () => {
        const settled = stream.readableLength === last;
        last = stream.readableLength;
        return settled;
      },
      { interval: 100 },
    )
    .toBe(true);
  return last;
}
