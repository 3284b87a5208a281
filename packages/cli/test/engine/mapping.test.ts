import { describe, expect, it } from 'vitest';
import {
  detailsOf,
  type InspectedContainer,
  type ListedContainer,
  summaryOf,
} from '../../src/engine/container-answer.ts';
import { demultiplexer } from '../../src/engine/demultiplex.ts';
import { RefusedAnswer } from '../../src/engine/engine-answer.ts';
import { engineError, refusal } from '../../src/engine/engine-error.ts';
import { splitReference } from '../../src/engine/image-reference.ts';
import { logLines, MOST_LINE_BYTES } from '../../src/engine/log-lines.ts';
import { memoryInUse } from '../../src/engine/stats.ts';
import { LobbieError } from '../../src/model/errors.ts';

const listed: ListedContainer = {
  Id: 'abc',
  Names: ['/other/alias', '/web-1'],
  Image: 'web:1',
  ImageID: 'sha256:1',
  Labels: { a: 'b' },
  State: 'running',
  Status: 'Up 2 minutes (healthy)',
  Ports: [
    { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
    { PrivatePort: 81, Type: 'tcp' },
    { IP: '0.0.0.0', PrivatePort: 53, PublicPort: 53, Type: 'udp' },
  ],
  NetworkSettings: {
    Networks: { front: { IPAddress: '172.18.0.2' }, back: { IPAddress: '', IPAMConfig: { IPv6Address: 'fd00:0::5' } } },
  },
};

describe('a listed container', () => {
  it('has its own name, published ports, the addresses it has and those that are its own while it is down', () => {
    expect(summaryOf(listed)).toEqual({
      id: 'abc',
      name: 'web-1',
      image: 'web:1',
      imageId: 'sha256:1',
      labels: { a: 'b' },
      state: 'running',
      health: 'healthy',
      addresses: { front: '172.18.0.2' },
      heldAddresses: { front: ['172.18.0.2'], back: ['fd00::5'] },
      ports: [
        { hostIp: '0.0.0.0', published: 8080, target: 80, protocol: 'tcp' },
        { hostIp: '0.0.0.0', published: 53, target: 53, protocol: 'udp' },
      ],
      exitCode: undefined,
    });
  });

  it.each([
    ['Up 2 minutes', 'none'],
    ['Up 2 minutes (healthy)', 'healthy'],
    ['Up 2 minutes (unhealthy)', 'unhealthy'],
    ['Up 1 second (health: starting)', 'starting'],
    ['Up 2 hours (Paused)', 'none'],
    ['Exited (137) 3 days ago', 'none'],
  ])('says of "%s" that its health is %s', (Status, health) => {
    expect(summaryOf({ ...listed, Status }).health).toBe(health);
  });

  it.each([
    ['Exited (0) 3 hours ago', 0],
    ['Exited (137) About a minute ago', 137],
    ['Exited (-1) 2 days ago', -1],
    ['Restarting (3) 5 seconds ago', 3],
    ['Up 2 minutes (unhealthy)', undefined],
    ['Created', undefined],
    ['Dead', undefined],
  ])('says of "%s" that it ended with %s', (Status, exitCode) => {
    expect(summaryOf({ ...listed, Status }).exitCode).toBe(exitCode);
  });

  it('copes with what the engine leaves out', () => {
    const bare = { ...listed, Names: null, Labels: null, Ports: null, NetworkSettings: null };
    expect(summaryOf(bare)).toMatchObject({ name: '', labels: {}, addresses: {}, ports: [] });
  });
});

const inspected: InspectedContainer = {
  Id: 'abc',
  Name: '/web-1',
  Image: 'sha256:1',
  RestartCount: 2,
  Config: { Image: 'web:1', Labels: null, Healthcheck: { Test: ['CMD', 'true'] } },
  State: {
    Status: 'running',
    OOMKilled: false,
    ExitCode: 0,
    Error: '',
    StartedAt: '2026-01-02T03:04:05.678901234Z',
    FinishedAt: '0001-01-01T00:00:00Z',
    Health: { Status: 'unhealthy', Log: [{ Output: 'old' }, { Output: ' refused\n' }] },
  },
};

describe('an inspected container', () => {
  it("has the engine's defaults where its healthcheck says nothing", () => {
    expect(detailsOf(inspected)).toMatchObject({
      healthcheck: { test: ['CMD', 'true'], intervalMs: 30_000, timeoutMs: 30_000, retries: 3, startPeriodMs: 0 },
      lastHealthOutput: 'refused',
      startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      finishedAtMs: undefined,
      exitCode: undefined,
      restartCount: 2,
    });
  });

  it('has no healthcheck when that is disabled', () => {
    const Config = { ...inspected.Config, Healthcheck: { Test: ['NONE'] } };
    expect(detailsOf({ ...inspected, Config }).healthcheck).toBeUndefined();
  });

  it('has ended while it is restarting, with the exit code of its last run', () => {
    const State = {
      ...inspected.State,
      Status: 'restarting' as const,
      ExitCode: 3,
      FinishedAt: '2026-01-02T03:04:06Z',
    };
    expect(detailsOf({ ...inspected, State })).toMatchObject({
      exitCode: 3,
      finishedAtMs: Date.UTC(2026, 0, 2, 3, 4, 6),
    });
  });
});

describe('a restart policy and volumes', () => {
  const inspect = (more: Partial<InspectedContainer>) => detailsOf({ ...inspected, ...more });

  it.each([
    [{ Name: 'always', MaximumRetryCount: 0 }, { name: 'always' }],
    [{ Name: 'unless-stopped', MaximumRetryCount: 0 }, { name: 'unless-stopped' }],
    [{ Name: 'on-failure', MaximumRetryCount: 0 }, { name: 'on-failure' }],
    [
      { Name: 'on-failure', MaximumRetryCount: 4 },
      { name: 'on-failure', maxRetries: 4 },
    ],
    [{ Name: 'no', MaximumRetryCount: 0 }, { name: 'no' }],
    [{ Name: '', MaximumRetryCount: 0 }, { name: 'no' }],
    [undefined, { name: 'no' }],
  ])('are read from %j', (RestartPolicy, restart) => {
    expect(inspect({ HostConfig: RestartPolicy === undefined ? null : { RestartPolicy } }).restart).toEqual(restart);
  });

  it('leave out what is no volume', () => {
    const Mounts = [
      { Type: 'volume', Name: 'data', Destination: '/data' },
      { Type: 'bind', Destination: '/bind' },
      { Type: 'tmpfs', Destination: '/tmp' },
    ];
    expect(inspect({ Mounts }).volumes).toEqual([{ name: 'data', target: '/data' }]);
    expect(inspect({ Mounts: null }).volumes).toEqual([]);
  });
});

describe('errors', () => {
  const endpoint = { url: 'unix:///x.sock', chosenBy: 'test', local: true };

  it.each([
    [
      'driver failed programming external connectivity on endpoint web (4f): Bind for 0.0.0.0:8080 failed: port is already allocated',
      'PORT_IN_USE',
      'port 0.0.0.0:8080 is already in use',
    ],
    [
      'driver failed programming external connectivity on endpoint web (4f): Error starting userland proxy: listen tcp4 127.0.0.1:81: bind: address already in use',
      'PORT_IN_USE',
      'port 127.0.0.1:81 is already in use',
    ],
    [
      'failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use',
      'PORT_IN_USE',
      'port 0.0.0.0:8080 is already in use',
    ],
    [
      'driver failed programming external connectivity on endpoint web (4f): all ports are allocated',
      'PORT_IN_USE',
      'every port of the range is already in use',
    ],
    [
      'Ports are not available: exposing port TCP 0.0.0.0:80 -> 0.0.0.0:0: listen tcp 0.0.0.0:80: bind: address already in use',
      'PORT_IN_USE',
      'port 0.0.0.0:80 is already in use',
    ],
    ['Address already in use', 'ENGINE_ERROR', 'the static address that it asks for is taken'],
    [
      'failed to set up container networking: Address already in use',
      'ENGINE_ERROR',
      'the static address that it asks for is taken',
    ],
    [
      "Invalid address 10.9.7.10: It does not belong to any of this network's subnets",
      'INVALID_INPUT',
      'the address 10.9.7.10 is outside of the subnets of its network',
    ],
    [
      'invalid endpoint settings: no configured subnet or ip-range contain the IP address 10.9.7.10',
      'INVALID_INPUT',
      'the address 10.9.7.10 is outside of the subnets of its network',
    ],
    [
      'user specified IP address is supported only when connecting to networks with user configured subnets',
      'INVALID_INPUT',
      'in a network whose subnet the engine chose',
    ],
    ['Pool overlaps with other one on this address space', 'INVALID_INPUT', 'overlaps with that of another network'],
    ['no matching subnet for gateway 10.1.1.1', 'INVALID_INPUT', 'no matching subnet for gateway 10.1.1.1'],
    [
      'invalid mount config for type "bind": bind source path does not exist: /no/such/thing',
      'INVALID_INPUT',
      "it mounts /no/such/thing, which does not exist on the engine's machine",
    ],
    [
      'Conflict. The container name "/web" is already in use by container "4f". You have to remove (or rename) that container to be able to reuse that name.',
      'NAME_TAKEN',
      'the name "web" belongs to another container (4f)',
    ],
    ['write /var/lib/docker/x: no space left on device', 'DISK_FULL', "no space left on the engine's disk"],
    [
      'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nodee": executable file not found in $PATH: unknown',
      'ENGINE_ERROR',
      'Could not do it: "nodee" is not in the image.',
    ],
    [
      'OCI runtime create failed: container_linux.go:349: starting container process caused "exec: \\"-l\\": executable file not found in $PATH": unknown',
      'ENGINE_ERROR',
      'Could not do it: "-l" is not in the image.',
    ],
    [
      'failed to create task for container: failed to create shim task: OCI runtime create failed: crun: executable file `nodee` not found in $PATH: No such file or directory: unknown',
      'ENGINE_ERROR',
      'Could not do it: "nodee" is not in the image.',
    ],
    [
      'OCI runtime create failed: runc create failed: unable to start container process: exec: "./run.sh": stat ./run.sh: no such file or directory: unknown',
      'ENGINE_ERROR',
      '"./run.sh" is not in the image',
    ],
    [
      'OCI runtime create failed: runc create failed: unable to start container process: exec: "/run.sh": permission denied: unknown',
      'ENGINE_ERROR',
      '"/run.sh" cannot be run',
    ],
    [
      'unable to find user nosuchuser: no matching entries in passwd file',
      'ENGINE_ERROR',
      'Could not do it: the image has no user "nosuchuser".',
    ],
    [
      'unable to find group staff2: no matching entries in group file',
      'ENGINE_ERROR',
      'the image has no group "staff2"',
    ],
    [
      'error during container init: error mounting "/a.conf" to rootfs at "/etc": mount /a.conf:/etc, flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?',
      'ENGINE_ERROR',
      '/a.conf is a file and its target is a directory, or the other way round',
    ],
    [
      'failed to create shim task: OCI runtime create failed: runc create failed: sysctl "kernel.nope" is not in a separate kernel namespace: unknown',
      'ENGINE_ERROR',
      'Could not do it: sysctl "kernel.nope" is not in a separate kernel namespace.',
    ],
    ['No such image: web:1', 'ENGINE_ERROR', 'Could not do it: No such image: web:1.'],
  ])('says of "%s" %s', (words, code, message) => {
    const error = refusal(words, 'do it');
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE'])('takes %s for an engine that went away', (code) => {
    const error = Object.assign(new Error(`connect ${code}`), { code });
    expect(engineError(error, 'list containers', endpoint)).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringContaining('unix:///x.sock'),
      cause: error,
    });
  });

  it('takes "socket hang up" for an engine that went away, unless the engine itself says it', () => {
    expect(engineError(new Error('socket hang up'), 'x', endpoint).code).toBe('ENGINE_UNREACHABLE');
    const said = new RefusedAnswer(500, '{"message":"socket hang up"}');
    expect(engineError(said, 'x', endpoint)).toMatchObject({
      code: 'ENGINE_ERROR',
      message: 'Could not x: socket hang up.',
    });
  });

  it('takes a refusal in plain text for the engine’s, as it answers an attach', () => {
    const type = 'application/vnd.docker.raw-stream';
    expect(engineError(new RefusedAnswer(404, 'No such container: x', type), 'x', endpoint)).toMatchObject({
      code: 'ENGINE_ERROR',
      message: expect.stringContaining('there is no container'),
    });
    expect(engineError(new RefusedAnswer(404, 'No such page', 'text/plain'), 'x', endpoint).code).toBe('NOT_AN_ENGINE');
  });

  it("passes an interruption's own error on", () => {
    const lost = new LobbieError('LEASE_LOST', 'The lease is lost.');
    expect(engineError(new Error('aborted'), 'x', endpoint, AbortSignal.abort(lost))).toBe(lost);
    expect(engineError(new Error('aborted'), 'x', endpoint, AbortSignal.abort()).code).toBe('INTERRUPTED');
  });
});

const frame = (stream: number, text: string | Buffer): Buffer => {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
};

/** The same bytes in chunks of every size. */
const chunked = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));

describe('a multiplexed stream', () => {
  const bytes = Buffer.concat([frame(1, 'one'), frame(2, 'err'), frame(1, ''), frame(1, 'two€')]);

  it.each([1, 2, 3, 7, 8, 9, 100])('is split alike when it comes in chunks of %i bytes', (size) => {
    const got = { stdout: '', stderr: '' };
    const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const feed = demultiplexer((stream, payload) => parts[stream].push(Buffer.from(payload)));
    for (const chunk of chunked(bytes, size)) feed(chunk);
    for (const stream of ['stdout', 'stderr'] as const) got[stream] = Buffer.concat(parts[stream]).toString();
    expect(got).toEqual({ stdout: 'onetwo€', stderr: 'err' });
  });
});

describe('log lines', () => {
  const at = (second: number): string => `2026-01-02T03:04:0${second}.000000000Z `;
  const emoji = Buffer.from('a€b\n');
  const bytes = Buffer.concat([
    frame(1, `${at(1)}first line\n`),
    frame(2, `${at(2)}\n`),
    frame(1, Buffer.concat([Buffer.from(at(3)), emoji.subarray(0, 2)])),
    frame(2, `${at(4)}between\r\n`),
    frame(1, Buffer.concat([Buffer.from(at(5)), emoji.subarray(2)])),
    frame(1, `${at(6)}no end`),
  ]);

  it.each([1, 5, 13, 10_000])('are whole when they come in chunks of %i bytes', (size) => {
    const lines = logLines();
    const entries = chunked(bytes, size).flatMap((chunk) => lines.feed(chunk));
    expect(
      [...entries, ...lines.end()].map(({ timeMs, stream, text }) => [new Date(timeMs).getUTCSeconds(), stream, text]),
    ).toEqual([
      [1, 'stdout', 'first line'],
      [2, 'stderr', ''],
      [4, 'stderr', 'between'],
      [3, 'stdout', 'a€b'],
      [6, 'stdout', 'no end'],
    ]);
  });
});

describe("log lines of a terminal's container", () => {
  const bytes = Buffer.from(
    '2026-01-02T03:04:01.000000000Z first\r\n2026-01-02T03:04:02.000000000Z \r\n2026-01-02T03:04:03.000000000Z a€b',
  );

  it.each([1, 5, 13, 10_000])('are whole when they come in chunks of %i bytes', (size) => {
    const lines = logLines();
    const entries = chunked(bytes, size).flatMap((chunk) => lines.feed(chunk));
    expect(
      [...entries, ...lines.end()].map(({ timeMs, stream, text }) => [new Date(timeMs).getUTCSeconds(), stream, text]),
    ).toEqual([
      [1, 'stdout', 'first'],
      [2, 'stdout', ''],
      [3, 'stdout', 'a€b'],
    ]);
  });
});

describe('a log line without an end', () => {
  const STAMP = '2026-01-02T03:04:05.000000000Z ';
  const frame = (text: string): Buffer => {
    const payload = Buffer.from(text);
    const header = Buffer.alloc(8);
    header[0] = 1;
    header.writeUInt32BE(payload.length, 4);
    return Buffer.concat([header, payload]);
  };
  const part = 'x'.repeat(16_384);

  it('is cut at 1 MiB, and what follows it is whole', () => {
    const lines = logLines();
    const seen = [];
    for (let at = 0; at < 200; at += 1) seen.push(...lines.feed(frame(STAMP + part)));
    seen.push(...lines.feed(frame(`${STAMP}end\n`)), ...lines.feed(frame(`${STAMP}next\n`)));
    expect(seen.map(({ text }) => [text.length, text.slice(-30)])).toEqual([
      [MOST_LINE_BYTES + 22, 'xxxxxxxx … (line cut at 1 MiB)'],
      [4, 'next'],
    ]);
  });

  it.each([1_000_000, 4096])('is cut on a terminal, and in one message, in chunks of %i bytes', (size) => {
    const long = `${STAMP}${'€'.repeat(500_000)}\n`;
    for (const bytes of [Buffer.from(`${long}${STAMP}next\n`), Buffer.concat([frame(long), frame(`${STAMP}next\n`)])]) {
      const lines = logLines();
      const seen = chunked(bytes, size).flatMap((chunk) => lines.feed(chunk));
      // 1 MiB is no multiple of the three bytes of a €: half a character is left out.
      expect(seen.map(({ text }) => [[...text].length, text.slice(-24)])).toEqual([
        [Math.floor(MOST_LINE_BYTES / 3) + 22, '€€ … (line cut at 1 MiB)'],
        [4, 'next'],
      ]);
      expect(lines.end()).toEqual([]);
    }
  });

  it('without a timestamp is text', () => {
    const lines = logLines();
    const seen = [...lines.feed(frame('odd\n')), ...lines.feed(frame(`${'y'.repeat(100)}\n`))];
    expect(seen.map(({ text, timeMs }) => [text, timeMs])).toEqual([
      ['odd', Number.NaN],
      ['y'.repeat(100), Number.NaN],
    ]);
  });
});

describe('memory in use', () => {
  it('leaves out page cache that can be dropped, on cgroup v1 and v2', () => {
    expect(memoryInUse({ usage: 100, stats: { total_inactive_file: 30, inactive_file: 10 } })).toBe(70);
    expect(memoryInUse({ usage: 100, stats: { inactive_file: 10 } })).toBe(90);
    expect(memoryInUse({ usage: 100, stats: { inactive_file: 200 } })).toBe(100);
    expect(memoryInUse({})).toBeUndefined();
  });
});

describe('an image reference', () => {
  it.each([
    ['alpine', 'alpine', 'latest', 'docker.io'],
    ['alpine:3', 'alpine', '3', 'docker.io'],
    ['team/app:1', 'team/app', '1', 'docker.io'],
    ['localhost/app', 'localhost/app', 'latest', 'localhost'],
    ['box:5000/team/app', 'box:5000/team/app', 'latest', 'box:5000'],
    ['ghcr.io/team/app:v1@sha256:00', 'ghcr.io/team/app', 'sha256:00', 'ghcr.io'],
  ])('%s has its parts', (reference, name, tag, registry) => {
    expect(splitReference(reference)).toEqual({ name, tag, registry });
  });
});
