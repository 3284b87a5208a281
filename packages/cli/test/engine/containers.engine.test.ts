import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../src/model/container.ts';
import { describeEngine } from '../engine-available.ts';
import { runContainer, sleeper, TEST_LABELS } from './test-container.ts';

describeEngine('containers', (engine) => {
  const made = new Set<string>();
  const networks = [sleeper('net-a'), sleeper('net-b')] as const;
  const volume = sleeper('vol');
  let shared = '';
  const run = (spec: Partial<ContainerSpec> & { name: string; start?: boolean }): Promise<string> => {
    made.add(spec.name);
    return runContainer(engine, spec);
  };
  afterAll(async () => {
    for (const name of made) await engine.removeContainer(name, { force: true });
    for (const name of networks) await engine.removeNetwork(name);
    await engine.removeVolume(volume);
    if (shared !== '') await rm(shared, { recursive: true });
  });

  it('runs what the specification says', async () => {
    for (const network of networks) await engine.createNetwork({ name: network, labels: TEST_LABELS });
    const name = sleeper('full');
    shared = await mkdtemp(join(tmpdir(), 't-bind-'));
    // Anybody may write there, so that only the mount can refuse it.
    await chmod(shared, 0o777);
    await run({
      name,
      labels: { ...TEST_LABELS, case: 'full' },
      entrypoint: ['sh', '-c'],
      command: ['sleep 600'],
      environment: { GREETING: 'a=b c' },
      user: '1000:1001',
      workingDir: '/tmp',
      mounts: [
        { kind: 'volume', source: volume, target: '/volume', readOnly: false },
        { kind: 'bind', source: shared, target: '/bind', readOnly: true },
        { kind: 'tmpfs', target: '/scratch' },
      ],
      networks: [
        { name: networks[0], aliases: ['one'] },
        { name: networks[1], aliases: ['two', 'zwei'] },
      ],
      ports: [{ target: 80, protocol: 'tcp', published: 0, hostIp: '127.0.0.1' }],
      healthcheck: { test: ['CMD', 'true'], intervalMs: 1500, timeoutMs: 2000, retries: 4, startPeriodMs: 2500 },
      restart: { name: 'unless-stopped' },
      stopSignal: 'SIGKILL',
      stopGracePeriodMs: 3000,
      capDrop: ['ALL'],
      securityOpt: ['no-new-privileges'],
      pidsLimit: 50,
      readOnly: true,
    });
    const said = await engine.exec(name, [
      'sh',
      '-c',
      'id -u; id -g; pwd; echo "$GREETING"; touch /scratch/x && echo scratch; touch /nope 2>&1; touch /bind/x 2>&1; grep -E "CapBnd|NoNewPrivs" /proc/self/status; getent hosts one two zwei | wc -l',
    ]);
    expect(said.output.split('\n')).toEqual([
      '1000',
      '1001',
      '/tmp',
      'a=b c',
      'scratch',
      "touch: cannot touch '/nope': Read-only file system",
      "touch: cannot touch '/bind/x': Read-only file system",
      'CapBnd:\t0000000000000000',
      'NoNewPrivs:\t1',
      '3',
      '',
    ]);
    const details = await engine.inspectContainer(name);
    expect(details).toMatchObject({
      name,
      state: 'running',
      labels: { case: 'full' },
      healthcheck: { test: ['CMD', 'true'], intervalMs: 1500, timeoutMs: 2000, retries: 4, startPeriodMs: 2500 },
      restartCount: 0,
      oomKilled: false,
    });
    expect(Object.keys(details?.addresses ?? {}).sort()).toEqual([...networks].sort());
    expect(details?.ports).toEqual([
      { hostIp: '127.0.0.1', published: expect.any(Number), target: 80, protocol: 'tcp' },
    ]);
    expect(details?.startedAtMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('lists by all labels given, with health, addresses and ports as inspected', async () => {
    const name = sleeper('full');
    await expect.poll(() => engine.inspectContainer(name)).toMatchObject({ health: 'healthy' });
    const listed = await engine.listContainers({ ...TEST_LABELS, case: 'full' });
    expect(listed).toHaveLength(1);
    const details = await engine.inspectContainer(name);
    expect(details).toMatchObject({ ...listed[0] });
    expect(await engine.listContainers({ ...TEST_LABELS, case: 'none' })).toEqual([]);
  });

  it('lists stopped containers and ones of other people too', async () => {
    const name = sleeper('never');
    await run({ name, labels: {}, start: false });
    const all = await engine.listAllContainers();
    expect(all.find((container) => container.name === name)).toMatchObject({
      state: 'created',
      health: 'none',
      addresses: {},
    });
  });

  it('tells how a container ended', async () => {
    const name = sleeper('exits');
    await run({ name, command: ['sh', '-c', 'exit 7'] });
    await expect.poll(() => engine.inspectContainer(name)).toMatchObject({ state: 'exited', exitCode: 7 });
    const details = await engine.inspectContainer(name);
    // The engine may note the start of a short run after its end.
    expect(details?.finishedAtMs).toBeGreaterThan((details?.startedAtMs ?? Number.POSITIVE_INFINITY) - 1000);
  });

  it('has no end and no exit code while it runs', async () => {
    const name = sleeper('runs');
    await run({ name });
    expect(await engine.inspectContainer(name)).toMatchObject({ finishedAtMs: undefined, exitCode: undefined });
  });

  it('has no network at all when none is asked for', async () => {
    const name = sleeper('lonely');
    await run({ name });
    expect((await engine.exec(name, ['ls', '/sys/class/net'])).output.trim()).toBe('lo');
  });

  it('gives undefined for a container that is not there', async () => {
    expect(await engine.inspectContainer('t-eng-nowhere')).toBeUndefined();
  });

  it('takes a stop and a removal of a missing or stopped container as done', async () => {
    await engine.stopContainer('t-eng-nowhere', 1000);
    await engine.removeContainer('t-eng-nowhere');
    const name = sleeper('twice');
    await run({ name });
    await engine.stopContainer(name, 1000);
    await engine.stopContainer(name, 1000);
    await engine.removeContainer(name);
    await engine.removeContainer(name);
    expect(await engine.inspectContainer(name)).toBeUndefined();
  });

  it('takes a removal that is under way as done', async () => {
    const name = sleeper('race');
    await run({ name });
    await Promise.all(Array.from({ length: 5 }, () => engine.removeContainer(name, { force: true })));
    expect(await engine.inspectContainer(name)).toBeUndefined();
  });

  it('says NAME_TAKEN for a name that another container has', async () => {
    const name = sleeper('named');
    const holder = await run({ name, start: false });
    await expect(run({ name, start: false })).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: `Could not create container "${name}": the name "${name}" belongs to another container (${holder.slice(0, 12)}).`,
    });
  });

  it('says PORT_IN_USE with the port, whether a container or another process has it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const network = networks[0];
    const publish = (name: string, published: number): Promise<string> =>
      run({
        name,
        networks: [{ name: network, aliases: [] }],
        ports: [{ target: 80, protocol: 'tcp', published, hostIp: '127.0.0.1' }],
      });
    await expect(publish(sleeper('port-1'), port)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`port 127.0.0.1:${port} is already in use`),
    });
    server.close();
    await publish(sleeper('port-2'), 0);
    const taken = (await engine.inspectContainer(sleeper('port-2')))?.ports[0]?.published ?? 0;
    await expect(publish(sleeper('port-3'), taken)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`port 127.0.0.1:${taken} is already in use`),
    });
  });

  it('names a network that is missing', async () => {
    const missing = { name: 't-eng-no-such-net', aliases: [] };
    await expect(
      run({ name: sleeper('half'), networks: [{ name: networks[0], aliases: [] }, missing] }),
    ).rejects.toMatchObject({ code: 'ENGINE_ERROR', message: expect.stringContaining('t-eng-no-such-net') });
  });

  it("gives the engine's own words when a container cannot start", async () => {
    await expect(run({ name: sleeper('bad'), command: ['/no/such/program'], init: false })).rejects.toMatchObject({
      code: 'ENGINE_ERROR',
      message: expect.stringContaining('/no/such/program'),
    });
  });

  it('keeps labels of networks and volumes, and takes missing and existing ones as they are', async () => {
    expect(await engine.inspectNetwork(networks[0])).toMatchObject({ labels: TEST_LABELS });
    await engine.createNetwork({ name: networks[0], labels: { other: 'label' } });
    expect(await engine.inspectNetwork(networks[0])).toMatchObject({ labels: TEST_LABELS });
    expect(await engine.inspectNetwork('t-eng-no-such-net')).toBeUndefined();
    await engine.removeNetwork('t-eng-no-such-net');
    expect(await engine.inspectVolume(volume)).toEqual({ labels: {} });
    await engine.createVolume({ name: volume, labels: { other: 'label' } });
    expect(await engine.inspectVolume(volume)).toEqual({ labels: {} });
    expect((await engine.listVolumes({})).map(({ name }) => name)).toContain(volume);
    expect(await engine.listVolumes({ other: 'label' })).toEqual([]);
    await engine.removeVolume('t-eng-no-such-volume');
    expect(await engine.inspectVolume('t-eng-no-such-volume')).toBeUndefined();
  });

  describe('exec', () => {
    const name = sleeper('runs');

    it('gives the exit code and both outputs of an exec', async () => {
      const { exitCode, output } = await engine.exec(name, ['sh', '-c', 'echo out; echo err >&2; exit 3']);
      expect(exitCode).toBe(3);
      expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
    });

    it('runs an exec as another user', async () => {
      expect(await engine.exec(name, ['id', '-u'], { user: '33' })).toEqual({ exitCode: 0, output: '33\n' });
    });

    it('keeps the last 64 KiB of the output', async () => {
      const { output } = await engine.exec(name, ['sh', '-c', 'seq 100000']);
      expect(Buffer.byteLength(output)).toBe(64 * 1024);
      expect(output.endsWith('99999\n100000\n')).toBe(true);
    });

    it('answers 124 with the output so far when the time is up', async () => {
      // On a busy machine the time may be up before the first word.
      await expect
        .poll(() => engine.exec(name, ['sh', '-c', 'echo soon; sleep 3600'], { timeoutMs: 2000 }))
        .toEqual({ exitCode: 124, output: 'soon\n' });
    });

    it('ends with INTERRUPTED when it is aborted', async () => {
      const abort = new AbortController();
      const result = engine.exec(name, ['sleep', '20'], { signal: abort.signal });
      setTimeout(() => abort.abort(), 200);
      await expect(result).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });

    it('answers a program that is not there as a shell would', async () => {
      expect((await engine.exec(name, ['/no/such/program'])).exitCode).toBeGreaterThanOrEqual(126);
    });

    it('refuses an exec in a stopped container', async () => {
      await expect(engine.exec(sleeper('never'), ['true'])).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    });
  });
});
