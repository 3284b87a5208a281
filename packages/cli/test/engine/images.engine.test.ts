import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageBuild, ImageProgress } from '../../src/model/image.ts';
import { describeEngine, TEST_IMAGE } from '../engine-available.ts';
import { runContainer, sleeper, TEST_LABELS } from './test-container.ts';

describeEngine('images', (engine) => {
  const tag = `${sleeper('image')}:built`;
  const second = `${sleeper('image')}:second`;
  const built = new Set<string>();
  let context = '';
  beforeEach(async () => {
    context = await mkdtemp(join(tmpdir(), 't-eng-'));
  });
  afterEach(() => rm(context, { recursive: true, force: true }));
  afterAll(async () => {
    // A build that takes the tag over leaves the one before without a name.
    for (const reference of [tag, second, ...built]) await engine.removeImage(reference);
  });

  const put = async (path: string, content: string | Buffer): Promise<void> => {
    const file = join(context, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, content);
  };
  const build = async (options: Partial<ImageBuild> = {}, signal = new AbortController().signal) => {
    const progress: ImageProgress[] = [];
    const request = { context, dockerfile: 'Dockerfile', args: {}, tags: [tag], labels: TEST_LABELS, ...options };
    await engine.buildImage(request, (step) => progress.push(step), signal);
    for (const reference of request.tags) built.add((await engine.inspectImage(reference))?.id ?? '');
    return progress;
  };
  /** Output of a command in the image that was built. */
  const inImage = async (...command: string[]): Promise<string> => {
    const name = sleeper('in-image');
    await runContainer(engine, { name, image: tag });
    try {
      return (await engine.exec(name, command)).output;
    } finally {
      await engine.removeContainer(name, { force: true });
    }
  };

  describe('builds', () => {
    it('sends files, links, modes and empty directories, and leaves out what is ignored', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE}\nCOPY . /sent\n`);
      await put('.dockerignore', 'secret\nnode_modules\n!node_modules/keep/me.txt\nDockerfile\n.dockerignore\n');
      await put('plain.txt', 'plain');
      await put('run.sh', '#!/bin/sh\n');
      await chmod(join(context, 'run.sh'), 0o755);
      await put('secret', 'no');
      await put('node_modules/gone/x', 'no');
      await put('node_modules/keep/me.txt', 'kept');
      await put('node_modules/keep/not-me.txt', 'no');
      await put('big.bin', Buffer.alloc(20_000_000, 7));
      await mkdir(join(context, 'empty'));
      await symlink('plain.txt', join(context, 'link'));
      await symlink('/nowhere/at/all', join(context, 'dangling'));
      await build();
      const sent = await inImage(
        'sh',
        '-c',
        'cd /sent; find . | sort; readlink link dangling; stat -c %a run.sh; stat -c %s big.bin',
      );
      expect(sent.split('\n')).toEqual([
        ...[
          '.',
          './Dockerfile',
          './big.bin',
          './dangling',
          './empty',
          './link',
          './node_modules',
          './node_modules/keep',
        ],
        ...['./node_modules/keep/me.txt', './plain.txt', './run.sh'],
        ...['plain.txt', '/nowhere/at/all', '755', '20000000', ''],
      ]);
    });

    it('honours args, target, labels and another Dockerfile with its own ignore file', async () => {
      await put('.dockerignore', 'a');
      await put('deploy/app.Dockerfile.dockerignore', 'b');
      await put('a', 'a');
      await put('b', 'b');
      await put(
        'deploy/app.Dockerfile',
        `ARG BASE\nFROM \${BASE} AS wanted\nARG GREETING=none\nCOPY . /sent\nEXPOSE 8080 53/udp 9090/tcp\nUSER 12:34\nVOLUME /b/ /c/..//a /b\nHEALTHCHECK CMD true\nRUN echo "$GREETING" >/tmp/greeting\nFROM wanted\nRUN exit 1\n`,
      );
      await build({
        dockerfile: 'deploy/app.Dockerfile',
        args: { BASE: TEST_IMAGE, GREETING: 'hi "you"' },
        target: 'wanted',
      });
      expect(await inImage('sh', '-c', 'ls /sent; cat /tmp/greeting')).toBe('a\ndeploy\nhi "you"\n');
      expect(await engine.inspectImage(tag)).toEqual({
        empty: false,
        id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        user: '12:34',
        exposedPorts: [8080, 9090],
        volumes: ['/a', '/b'],
        hasHealthcheck: true,
        labels: expect.objectContaining(TEST_LABELS),
      });
    });

    it('builds a Dockerfile of the Compose file, with the network, hosts, labels and tags it asks for', async () => {
      await put('Dockerfile', 'FROM nothing:that-is-read\n');
      await put('sent', 'sent');
      const steps = ['ls /sys/class/net >/seen', 'grep gate /etc/hosts >>/seen'];
      await build({
        dockerfileInline: `FROM ${TEST_IMAGE}\nCOPY sent /\nRUN ${steps.join(' && ')}\n`,
        network: 'none',
        extraHosts: ['gate:10.1.2.3'],
        labels: { ...TEST_LABELS, said: 'so' },
        tags: [tag, second],
      });
      const seen = (await inImage('cat', '/sent', '/seen')).split('\n');
      expect(seen).toEqual(['sentlo', '10.1.2.3\tgate', '']);
      const image = await engine.inspectImage(second);
      expect(image).toMatchObject({ id: (await engine.inspectImage(tag))?.id, labels: { said: 'so' } });
    });

    it('gives containers its healthcheck, with their own timings and without, until they say there is none', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE}\nHEALTHCHECK --interval=9s --retries=7 CMD test -d /\n`);
      await build();
      const own = { intervalMs: 4000, timeoutMs: 2000, retries: 5, startPeriodMs: 1000 };
      const unsaid = { intervalMs: 0, timeoutMs: 0, retries: 0, startPeriodMs: 0 };
      const test = ['CMD-SHELL', 'test -d /'];
      for (const [healthcheck, expected] of [
        [
          { test: [], ...own },
          { test, ...own },
        ],
        [
          { test: [], ...unsaid },
          { test, intervalMs: 9000, timeoutMs: 30_000, retries: 7, startPeriodMs: 0 },
        ],
        [{ test: ['NONE'], ...unsaid }, undefined],
        [
          { test: ['CMD', 'true'], ...own },
          { test: ['CMD', 'true'], ...own },
        ],
      ] as const) {
        const name = sleeper('checked');
        await runContainer(engine, { name, image: tag, healthcheck, start: false });
        const details = await engine.inspectContainer(name);
        await engine.removeContainer(name);
        expect(details?.healthcheck).toEqual(expected);
      }
    });

    it('refuses a network that BuildKit cannot use, by name', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE}\nRUN true # ${sleeper('network')}\n`);
      await expect(build({ network: 't-eng-network' })).rejects.toMatchObject({
        code: expect.stringMatching(/^(IMAGE_BUILD_FAILED|ENGINE_ERROR)$/),
        message: expect.stringContaining('t-eng-network'),
      });
    });

    it('builds a Dockerfile from outside of the context', async () => {
      await put('deploy/Dockerfile', `FROM ${TEST_IMAGE}\nCOPY . /sent\n`);
      await put('app/file', 'content');
      await build({ context: join(context, 'app'), dockerfile: '../deploy/Dockerfile' });
      expect(await inImage('cat', '/sent/file')).toBe('content');
    });

    it('tells its progress by instruction, with counts', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE}\nRUN echo ${sleeper('progress')}\nRUN true\n`);
      const progress = await build();
      const last = progress.findLast(({ message }) => message.startsWith('['));
      expect(last).toEqual({ message: '[3/3] RUN true', current: 3, total: 3 });
      expect(progress.every(({ current = 0, total = 0 }) => current <= total)).toBe(true);
      expect(progress.map(({ message }) => message)).not.toContainEqual(expect.stringContaining('[internal]'));
    });

    it('names the failing instruction and shows its last lines', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE}\nRUN true\nRUN seq 100 >&2; echo oops >&2; exit 42\n`);
      await expect(build({ noCache: true })).rejects.toMatchObject({
        code: 'IMAGE_BUILD_FAILED',
        message: expect.stringMatching(/it failed at "RUN seq 100 >&2; echo oops >&2; exit 42": exit code: 42$/),
        details: [...Array.from({ length: 14 }, (_, n) => String(n + 87)), 'oops'],
      });
    });

    it('says what a COPY misses, and which base image cannot be had', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE}\nCOPY missing.txt /\n`);
      await expect(build()).rejects.toMatchObject({
        code: 'IMAGE_BUILD_FAILED',
        message: expect.stringMatching(/it failed at "COPY missing\.txt \/": .*missing\.txt.*not found/),
      });
      await put('Dockerfile', 'FROM registry.invalid/nothing:1\n');
      await expect(build()).rejects.toMatchObject({
        code: 'IMAGE_BUILD_FAILED',
        message: expect.stringContaining('it failed at "FROM registry.invalid/nothing:1"'),
      });
    });

    it.each([
      ['an unknown instruction', 'FRO x\n', /unknown instruction: FRO/],
      ['an empty Dockerfile', '\n', /cannot be empty|no instructions|no build stage/i],
      ['a missing argument', `FROM ${TEST_IMAGE}\nCOPY\n`, /COPY requires at least/],
    ])('explains %s', async (_what, text, message) => {
      await put('Dockerfile', text);
      await expect(build()).rejects.toMatchObject({
        code: 'IMAGE_BUILD_FAILED',
        message: expect.stringMatching(message),
      });
    });

    it('refuses a target that is not there', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE} AS one\n`);
      await expect(build({ target: 'two' })).rejects.toMatchObject({
        code: 'IMAGE_BUILD_FAILED',
        message: expect.stringContaining('two'),
      });
    });

    it('refuses a missing context and a missing Dockerfile before anything is sent', async () => {
      await expect(build({ context: '/no/such/context' })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: 'The build context /no/such/context does not exist.',
      });
      await expect(build({ dockerfile: 'Other' })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: `There is no Dockerfile at ${join(context, 'Other')}.`,
      });
    });

    it('says DISK_FULL when a step finds no room', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE}\nRUN echo 'write failed: No space left on device' >&2; exit 1\n`);
      await expect(build({ noCache: true })).rejects.toMatchObject({ code: 'DISK_FULL' });
    });

    it('stops the build on the engine when it is aborted', async () => {
      await put('Dockerfile', `FROM ${TEST_IMAGE}\nRUN sleep 3600 # ${sleeper('abort')}\n`);
      const abort = new AbortController();
      const request = { context, dockerfile: 'Dockerfile', args: {}, tags: [tag] };
      const building = engine.buildImage(
        request,
        ({ message }) => {
          if (message.includes('RUN sleep')) abort.abort();
        },
        abort.signal,
      );
      await expect(building).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });
  });

  it('imports an empty image once', async () => {
    const reference = `${sleeper('empty')}:1`;
    const id = await engine.importEmptyImage(reference);
    expect(await engine.importEmptyImage(reference)).toBe(id);
    expect((await engine.inspectImage(reference))?.id).toBe(id);
    expect(await engine.inspectImage(reference)).toMatchObject({ id, empty: true, labels: {} });
    expect((await engine.inspectImage(TEST_IMAGE))?.empty).toBe(false);
    await engine.removeImage(reference);
    await engine.removeImage(reference);
    expect(await engine.inspectImage(reference)).toBeUndefined();
  });

  it.each([
    { what: 'files', text: `FROM ${TEST_IMAGE}` },
    { what: 'labels', text: 'FROM scratch\nLABEL dev.lobbie.role=keeper' },
  ])('takes the name of an empty image from one with $what', async ({ text }) => {
    const reference = `${sleeper('posing')}:1`;
    await build({ dockerfileInline: text, tags: [reference], labels: {} });
    const foreign = await engine.inspectImage(reference);
    try {
      const id = await engine.importEmptyImage(reference);
      expect(id).not.toBe(foreign?.id);
      expect(await engine.inspectImage(reference)).toMatchObject({ id, empty: true, labels: {} });
    } finally {
      await engine.removeImage(reference);
      // The base has the same id where nothing was added to it.
      if (foreign?.id !== (await engine.inspectImage(TEST_IMAGE))?.id) await engine.removeImage(foreign?.id ?? '');
    }
  });

  it('fails a pull when no registry can be reached, and says so', async () => {
    await expect(
      engine.pullImage('registry.invalid/team/app:1', () => undefined, new AbortController().signal),
    ).rejects.toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message:
        'Image "registry.invalid/team/app:1" could not be pulled: the registry registry.invalid cannot be reached.',
    });
  });
});
