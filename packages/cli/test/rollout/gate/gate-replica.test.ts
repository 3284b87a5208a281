import { PassThrough } from 'node:stream';
import pLimit from 'p-limit';
import { describe, expect, it, vi } from 'vitest';
import type { ContainerDetails, ExecResult } from '../../../src/model/container.ts';
import type { Engine, EngineEvent } from '../../../src/model/engine.ts';
import { LobbieError } from '../../../src/model/errors.ts';
import type { Healthcheck } from '../../../src/model/service.ts';
import type { Gate } from '../../../src/rollout/gate/gate.ts';
import { gateReplica } from '../../../src/rollout/gate/gate-replica.ts';
import { type FakeClock, fakeClock } from '../../fake-clock.ts';
import { testService } from '../../plan/plan-fixtures.ts';
import { scriptedEngine } from '../scripted-engine.ts';

const CHECK: Healthcheck = {
  test: ['CMD', 'check', 'it'],
  intervalMs: 2000,
  timeoutMs: 1000,
  retries: 3,
  startPeriodMs: 1000,
};
const DETAILS: ContainerDetails = {
  id: 'c'.repeat(64),
  name: 'p-api-1-new',
  image: 'app:1',
  imageId: 'sha256:1',
  labels: {},
  state: 'running',
  health: 'starting',
  addresses: {},
  heldAddresses: {},
  ports: [],
  startedAtMs: 0,
  finishedAtMs: undefined,
  exitCode: undefined,
  oomKilled: false,
  restartCount: 0,
  error: '',
  healthcheck: CHECK,
  restart: { name: 'always' },
  volumes: [],
  lastHealthOutput: undefined,
};

/** Of a replica that connects to another service, which was only started. */
const WAITING: Partial<Gate> = {
  service: testService({ dependsOn: [{ service: 'db', condition: 'started', required: true, restart: false }] }),
  peers: [testService({ name: 'db', expose: [5432] })],
};

interface Setup {
  readonly gate: Gate;
  readonly clock: FakeClock;
  /** Healthchecks run so far. */
  readonly checks: string[][];
  /** What the engine tells. */
  tell(kind: EngineEvent['kind']): void;
  /** What the container is now. */
  become(change: Partial<ContainerDetails>): void;
}

interface Script {
  readonly check?: () => ExecResult | Promise<ExecResult>;
  readonly log?: readonly string[];
  readonly sockets?: string;
  readonly gate?: Partial<Gate>;
  /** That the engine has told of. */
  readonly exitCode?: number;
}

function setup({
  check = () => ({ exitCode: 0, output: '' }),
  log = [],
  sockets = '',
  gate,
  exitCode,
}: Script = {}): Setup {
  const clock = fakeClock();
  const checks: string[][] = [];
  let now = gate?.container ?? DETAILS;
  let told: ((kind: EngineEvent['kind']) => void) | undefined;
  const engine: Engine = {
    ...scriptedEngine(),
    inspectContainer: async () => now,
    exec: async (_container, argv) => {
      if (argv[0] === 'cat') return { exitCode: 0, output: `  sl  local_address\n${sockets}` };
      // A connection through the ingress, to a port where nothing listens.
      if (argv[0] === 'socat') return { exitCode: 1, output: '' };
      checks.push([...argv]);
      return check();
    },
    async *logs() {
      for (const text of log) yield { timeMs: 0, stream: 'stderr', text };
    },
  };
  return {
    clock,
    checks,
    tell: (kind) => told?.(kind),
    become: (change) => {
      now = { ...now, ...change };
    },
    gate: {
      engine,
      clock,
      service: testService(),
      replica: 'api-1',
      container: DETAILS,
      ports: [],
      candidates: [],
      sharedBy: [],
      healthPort: undefined,
      events: {
        listen: (_id, callback) => {
          told = callback;
          return () => {
            told = undefined;
          };
        },
        exitCodeOf: () => exitCode,
        close: () => undefined,
      },
      checks: pLimit(2),
      timeoutMs: undefined,
      signal: new AbortController().signal,
      waiting: () => undefined,
      ...gate,
    },
  };
}

/** Of a replica without a healthcheck. */
const MONITOR_MS = 5000;
const failing = { check: () => ({ exitCode: 1, output: 'warming up\nnot yet\n' }) };
const port = (number: number) => ({
  address: '10.0.0.2',
  port: number,
  near: async () => false,
  via: async () => 'ingress',
});
const listening = (hex: string, portHex: string) =>
  `   0: ${hex}:${portHex} 00000000:0000 0A 00000000:00000000 00:00000000`;
const errorOf = (gating: Promise<unknown>): Promise<LobbieError> =>
  gating.then(
    () => expect.unreachable('the gate let it pass'),
    (error: unknown) => (error instanceof LobbieError ? error : expect.unreachable(String(error))),
  );

describe('gateReplica', () => {
  it('lets a replica pass as soon as its own healthcheck does, without waiting for the engine to run it', async () => {
    const { gate, clock, checks } = setup();
    await gateReplica(gate, MONITOR_MS);
    expect(clock.now()).toBe(0);
    expect(checks).toEqual([['check', 'it']]);
  });

  it('tries again soon after a check has failed, later and later, and tells what it said', async () => {
    const answers = [1, 1, 1, 1, 0];
    const waiting = vi.fn<Gate['waiting']>();
    const { gate, clock, checks } = setup({
      check: () => ({ exitCode: answers.shift() ?? 0, output: 'not yet\n' }),
      gate: { waiting },
    });
    const gating = gateReplica(gate, MONITOR_MS);
    let before = 0;
    for (const pauseMs of [50, 100, 250, 250]) {
      await clock.advance(pauseMs - 1);
      expect(checks).toHaveLength(before + 1);
      await clock.advance(1);
      before += 1;
      expect(checks).toHaveLength(before + 1);
    }
    await gating;
    expect(waiting.mock.calls).toEqual(Array.from({ length: 4 }, () => ['healthcheck exit code 1: not yet']));
  });

  it('lets it pass when the engine says that it is healthy before a check here does', async () => {
    const { gate, clock, tell } = setup({ check: () => new Promise<ExecResult>(() => undefined) });
    const gating = gateReplica(gate, MONITOR_MS);
    await clock.advance(100);
    tell('healthy');
    await clock.advance(1);
    await gating;
  });

  it('does not fail it before the deadline: start period, and retries of interval and timeout', async () => {
    const { gate, clock } = setup(failing);
    const gating = errorOf(gateReplica(gate, MONITOR_MS));
    const ended = vi.fn();
    void gating.then(ended);
    await clock.advance(9999);
    expect(ended).not.toHaveBeenCalled();
    await clock.advance(1);
    expect((await gating).message).toBe(
      'Replica api-1 was not healthy after 10 s (last check: healthcheck exit code 1: not yet).',
    );
  });

  it('takes another deadline where one is given', async () => {
    const { gate, clock } = setup({ ...failing, gate: { timeoutMs: 3000 } });
    const gating = errorOf(gateReplica(gate, MONITOR_MS));
    await clock.advance(3000);
    expect((await gating).message).toContain('was not healthy after 3 s');
  });

  it('fails at once when the container exits, with its code and its last words', async () => {
    const { gate, clock, tell, become } = setup({ ...failing, log: ['starting', 'cannot find the meaning of it'] });
    const gating = errorOf(gateReplica(gate, MONITOR_MS));
    await clock.advance(100);
    become({ state: 'exited', exitCode: 3 });
    tell('died');
    const error = await gating;
    expect(clock.now()).toBe(100);
    expect(error).toMatchObject({ code: 'GATE_FAILED', message: 'Replica api-1 exited with code 3.' });
    expect(error.details).toContain('exit code    3');
    expect(error.details).toContain('  cannot find the meaning of it');
  });

  it('tells the exit code of one that the engine starts again at once, and no port as the likely cause', async () => {
    const gate = { ports: [port(3000)] };
    const { gate: crashing, clock, tell, become } = setup({ gate, exitCode: 3, log: ['no database'] });
    const gating = errorOf(gateReplica(crashing, MONITOR_MS));
    await clock.advance(100);
    become({ restartCount: 1 });
    tell('died');
    const error = await gating;
    expect(error.message).toBe('Replica api-1 exited with code 3.');
    expect(error.details).toContain('exit code    3');
    expect(error.hint).toBe('Fix the service and deploy again.');
  });

  it('notices within a second that the container exited, when the engine does not tell', async () => {
    const { gate, clock, become } = setup({ check: () => new Promise<ExecResult>(() => undefined) });
    const gating = errorOf(gateReplica(gate, MONITOR_MS));
    become({ state: 'exited', exitCode: 1 });
    await clock.advance(1000);
    expect((await gating).message).toBe('Replica api-1 exited with code 1.');
  });

  it('says that it exited, and not that a check could not be run in it', async () => {
    const refused = new LobbieError('ENGINE_ERROR', 'Could not exec: the container is not running.');
    const script = setup({
      check: () => {
        script.become({ state: 'exited', exitCode: 1 });
        throw refused;
      },
    });
    expect((await errorOf(gateReplica(script.gate, MONITOR_MS))).code).toBe('GATE_FAILED');
  });

  it('does not take one that keeps restarting for one that runs', async () => {
    const again = setup({ gate: { container: { ...DETAILS, state: 'restarting' } } });
    expect((await errorOf(gateReplica(again.gate, MONITOR_MS))).message).toContain('keeps restarting');
    const once = setup({ check: failing.check });
    const gating = errorOf(gateReplica(once.gate, MONITOR_MS));
    once.become({ restartCount: 1 });
    await once.clock.advance(1000);
    expect((await gating).message).toContain('exited');
  });

  it('fails one without a healthcheck only when it does not stay up for the monitor time', async () => {
    const { healthcheck: _, ...bare } = DETAILS;
    const container = { ...bare, healthcheck: undefined };
    const good = setup({ gate: { container } });
    const gating = gateReplica(good.gate, MONITOR_MS);
    const passed = vi.fn();
    void gating.then(passed);
    await good.clock.advance(4999);
    expect(passed).not.toHaveBeenCalled();
    await good.clock.advance(1);
    await gating;
    const bad = setup({ gate: { container } });
    const failed = errorOf(gateReplica(bad.gate, MONITOR_MS));
    await bad.clock.advance(3000);
    bad.become({ state: 'exited', exitCode: 0 });
    await bad.clock.advance(1000);
    expect((await failed).message).toBe('Replica api-1 exited with code 0.');
  });

  it('runs no more checks at a time than there are cores', async () => {
    const checks = pLimit(2);
    let running = 0;
    let most = 0;
    const check = async (): Promise<ExecResult> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return { exitCode: 0, output: '' };
    };
    await Promise.all(
      Array.from({ length: 6 }, () => gateReplica(setup({ check, gate: { checks } }).gate, MONITOR_MS)),
    );
    expect(most).toBe(2);
  });

  it('passes on why it was told to stop', async () => {
    const user = new AbortController();
    const interrupted = new LobbieError('INTERRUPTED', 'Interrupted by SIGINT.');
    const { gate, clock } = setup({ ...failing, gate: { signal: user.signal } });
    const gating = errorOf(gateReplica(gate, MONITOR_MS));
    await clock.advance(100);
    user.abort(interrupted);
    expect(await gating).toBe(interrupted);
  });

  it('does not let one pass that has ended and has no address any more', async () => {
    const gone = { ...port(3000), address: '' };
    const { healthcheck: _, ...bare } = DETAILS;
    const { gate, clock } = setup({
      gate: { container: { ...bare, healthcheck: undefined }, ports: [gone], timeoutMs: 1000 },
    });
    const gating = errorOf(gateReplica(gate, 0));
    await clock.advance(1000);
    expect((await gating).message).toContain('(last check: port 3000: connection refused)');
  });

  it('runs no healthcheck before the ports accept', async () => {
    const { gate, clock, checks } = setup({ gate: { ports: [port(3000)], timeoutMs: 1000 } });
    const gating = errorOf(gateReplica(gate, MONITOR_MS));
    await clock.advance(1000);
    expect((await gating).message).toContain('(last check: port 3000: connection refused)');
    expect(checks).toEqual([]);
  });

  describe('of ports whose protocol is detected', () => {
    const detected = (number: number) => ({ ...port(number), detected: true as const });
    /** @param greetings how long after a connection the server of each port speaks; a port without one is silent */
    const serving = (greetings: Readonly<Record<number, number>>, script: Script) => {
      const made = setup(script);
      const engine: Engine = {
        ...made.gate.engine,
        exec: async (container, argv, options) =>
          argv[0] === 'socat' ? { exitCode: 0, output: '' } : made.gate.engine.exec(container, argv, options),
        openExec: async (_, argv) => {
          const stream = new PassThrough();
          const afterMs = greetings[Number(argv.at(-1)?.split(':').at(-1))];
          if (afterMs !== undefined) made.clock.after(afterMs, () => stream.push('220 hello'));
          return stream;
        },
      };
      return { ...made, gate: { ...made.gate, engine } };
    };
    const asking = (url: string): ContainerDetails => ({
      ...DETAILS,
      healthcheck: { ...CHECK, test: ['CMD', 'curl', url] },
    });

    it('listens for 300 ms where the healthcheck asks over no protocol that it knows', async () => {
      const { gate, clock } = serving({}, { gate: { ports: [detected(3000)] } });
      let passed = false;
      const gating = gateReplica(gate, MONITOR_MS).finally(() => {
        passed = true;
      });
      await clock.advance(299);
      expect(passed).toBe(false);
      await clock.advance(1);
      expect((await gating).findings).toMatchObject({ open: [3000], speakFirst: [] });
    });

    it('listens no longer where the healthcheck that passed asked over HTTP', async () => {
      const container = asking('http://localhost:3000');
      const { gate, clock } = serving({}, { gate: { ports: [detected(3000)], container } });
      const { findings } = await gateReplica(gate, MONITOR_MS);
      expect(findings).toMatchObject({ open: [3000], speakFirst: [], http: [3000] });
      expect(clock.now()).toBe(0);
    });

    it('listens no longer where the ingress asks for the health of a replica over HTTP', async () => {
      const service = testService();
      const answers = (stream: PassThrough) => {
        stream.on('data', () => undefined);
        return stream;
      };
      const { gate, clock } = serving(
        {},
        {
          gate: {
            ports: [detected(3000)],
            healthPort: detected(3000),
            service: { ...service, ingress: { ...service.ingress, healthPath: '/health' } },
          },
        },
      );
      const engine: Engine = {
        ...gate.engine,
        openExec: async () =>
          answers(
            Object.assign(new PassThrough(), {
              write(this: PassThrough) {
                this.push('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
                return true;
              },
            }),
          ),
      };
      const { findings } = await gateReplica({ ...gate, engine }, MONITOR_MS);
      expect(findings).toMatchObject({ open: [3000], speakFirst: [] });
      expect(clock.now()).toBe(0);
    });

    it.each([
      ['another service', 'http://auth:3000', 3000],
      ['another port', 'http://localhost:8080', 3000],
    ])('listens as long as ever where the healthcheck asks %s', async (_, url, number) => {
      const { gate, clock } = serving(
        { [number]: 299 },
        { gate: { ports: [detected(number)], container: asking(url) } },
      );
      const gating = gateReplica(gate, MONITOR_MS);
      await clock.advance(300);
      expect((await gating).findings).toMatchObject({ open: [number], speakFirst: [number] });
    });

    it('hears a server that speaks before a healthcheck over HTTP has passed, whatever that says', async () => {
      const check = Promise.withResolvers<ExecResult>();
      const { gate, clock } = serving(
        { 3000: 100 },
        { check: () => check.promise, gate: { ports: [detected(3000)], container: asking('http://localhost:3000') } },
      );
      const gating = gateReplica(gate, MONITOR_MS);
      await clock.advance(110);
      check.resolve({ exitCode: 0, output: '' });
      expect((await gating).findings).toMatchObject({ speakFirst: [3000] });
    });

    it('listens to each port as soon as it is open, and does not wait for the others', async () => {
      const { gate, clock } = serving({ 3000: 10 }, { gate: { ports: [detected(3000), detected(3001)] } });
      const late = { ...gate.engine };
      const engine: Engine = {
        ...late,
        exec: async (container, argv, options) =>
          argv.some((word) => word.startsWith('TCP:10.0.0.2:3001,')) && clock.now() < 1000
            ? { exitCode: 1, output: '' }
            : late.exec(container, argv, options),
      };
      const gating = gateReplica({ ...gate, engine }, MONITOR_MS);
      await clock.advance(1300);
      expect((await gating).findings).toMatchObject({ open: [3000, 3001], speakFirst: [3000] });
    });

    it('leaves the ports that nobody named to a later look, and listens to them then', async () => {
      const sockets = vi.fn(async () => [3000, 7000, 9000, 40_123].map((one) => ({ address: '0.0.0.0', port: one })));
      const { gate, clock } = serving(
        { 7000: 10 },
        {
          gate: {
            ports: [detected(3000)],
            container: asking('http://localhost:3000'),
            look: { sockets, target: detected },
          },
        },
      );
      const { findings, findMore } = await gateReplica(gate, MONITOR_MS);
      expect(findings).toMatchObject({ looked: false, asked: [3000], open: [3000], random: [] });
      expect(sockets).not.toHaveBeenCalled();
      const finding = findMore?.();
      await clock.advance(300);
      expect(await finding).toEqual({
        looked: true,
        asked: [],
        open: [7000, 9000],
        closed: [],
        speakFirst: [7000],
        random: [40_123],
        http: [],
      });
    });
  });

  describe('of ports that nobody has seen open yet', () => {
    const doubtful = (number: number) => ({ ...port(number), doubtful: true as const });
    const twice = (open: readonly number[]) => {
      const script = setup({ gate: { ports: [doubtful(3000), doubtful(3001)], timeoutMs: 60_000 } });
      const engine: Engine = {
        ...script.gate.engine,
        exec: async (container, argv, options) =>
          argv[0] === 'socat' && open.some((one) => argv.some((word) => word.startsWith(`TCP:10.0.0.2:${one},`)))
            ? { exitCode: 0, output: '' }
            : script.gate.engine.exec(container, argv, options),
        openExec: async () => new PassThrough(),
      };
      return { ...script, gate: { ...script.gate, engine } };
    };

    it('lets some stay closed where another is open and the replica works, and says which', async () => {
      const { gate, clock, checks } = twice([3001]);
      const gating = gateReplica(gate, MONITOR_MS);
      await clock.advance(9999);
      expect(checks).toHaveLength(1);
      await clock.advance(1);
      expect(await gating).toMatchObject({
        findings: { open: [3001], closed: [3000], speakFirst: [], http: [] },
      });
    });

    it('waits for one that opens a little later', async () => {
      const open = [3001];
      const { gate, clock } = twice(open);
      const gating = gateReplica(gate, MONITOR_MS);
      await clock.advance(4000);
      open.push(3000);
      await clock.advance(100);
      expect(await gating).toMatchObject({ findings: { closed: [], speakFirst: [] } });
    });

    it('does not pass while all are closed, whatever the healthcheck says', async () => {
      const { gate, clock, checks } = twice([]);
      const gating = errorOf(gateReplica(gate, MONITOR_MS));
      await clock.advance(60_000);
      expect((await gating).message).toContain('connection refused');
      expect(checks).toEqual([]);
    });

    it('fails when the replica ends while they are waited for', async () => {
      const { gate, clock, become } = twice([3001]);
      const gating = errorOf(gateReplica(gate, MONITOR_MS));
      await clock.advance(100);
      become({ state: 'exited', exitCode: 1 });
      await clock.advance(1000);
      expect((await gating).message).toContain('exited');
    });
  });

  it.each([
    [
      126,
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown',
    ],
    [127, '/bin/sh: 1: curl: not found\n'],
    [127, 'bash: line 1: curl: command not found\n'],
  ])('says once that the program of the healthcheck is not in the image (%i %s)', async (exitCode, output) => {
    const { gate, clock } = setup({ check: () => ({ exitCode, output }), gate: { timeoutMs: 1000 } });
    const gating = errorOf(gateReplica(gate, MONITOR_MS));
    await clock.advance(1000);
    const error = await gating;
    expect(error.message).toContain(`(last check: healthcheck exit code ${exitCode}: "curl" is not in the image).`);
    expect(error.hint).toMatch(/^Likely cause: the healthcheck runs "curl", which is not in the image\./);
    expect(error.details.join('\n')).not.toContain(output.trim());
  });

  it('has the ingress listen where the replica does while its healthcheck fails, for that may ask by name', async () => {
    const early: number[][] = [];
    const sockets = async () => [
      { address: '0.0.0.0', port: 3000 },
      { address: '127.0.0.1', port: 9229 },
    ];
    const { gate, clock } = setup({
      check: () => ({ exitCode: early.length > 0 ? 0 : 1, output: 'connection refused' }),
      gate: { look: { sockets, target: port }, listenEarly: async (ports) => void early.push([...ports]) },
    });
    const gating = gateReplica(gate, MONITOR_MS);
    await clock.advance(1000);
    await gating;
    expect(early).toEqual([[3000]]);
  });

  it('shows the ports that are open when a healthcheck fails in a service without an ingress', async () => {
    const sockets = `${listening('00000000', '0BB9')}\n${listening('0100007F', '1F90')}`;
    const { gate, clock } = setup({ ...failing, sockets });
    const gating = errorOf(gateReplica(gate, MONITOR_MS));
    await clock.advance(60_000);
    expect((await gating).details).toContain('listens on   port 3001, 8080');
  });

  describe('names the likely cause', () => {
    const shut = { ports: [port(3000)], timeoutMs: 1000 };
    it.each([
      ['it listens on 127.0.0.1', { sockets: listening('0100007F', '0BB8') }, /127\.0\.0\.1:3000 only/],
      ['it listens on IPv6 only', { sockets: listening('0'.repeat(32), '0BB8') }, /port 3000 only over IPv6/],
      ['it listens on another port', { sockets: listening('00000000', '1F90') }, /listens on port 8080, and port 3000/],
      ['it listens on none', {}, /listens on port 3000 yet\. .*start_period.*--timeout 300/],
      ['it opened late', { sockets: listening('00000000', '0BB8') }, /port 3000 only after the deadline\. .*--timeout/],
      [
        'it waits for another',
        { log: ['connect ECONNREFUSED 10.0.0.3:5432'], gate: WAITING },
        /connects to db, which was/,
      ],
    ] as [string, Script, RegExp][])('%s', async (_name, script, cause) => {
      const { gate, clock } = setup({ ...script, gate: { ...script.gate, ...shut } });
      const gating = errorOf(gateReplica(gate, MONITOR_MS));
      await clock.advance(1000);
      expect((await gating).hint).toMatch(cause);
    });

    it.each([
      ['too little memory', { state: 'exited', exitCode: 137, oomKilled: true }, [], /needs more memory/],
      ['another architecture', { state: 'exited', exitCode: 1 }, ['exec /app: exec format error'], /architecture/],
      ['a command that ends', { state: 'exited', exitCode: 0 }, [], /must keep running/],
      ['a command that is not there', { state: 'exited', exitCode: 127 }, [], /command is not in the image/],
    ] as const)('%s', async (_name, change, log, cause) => {
      const { gate, clock, tell, become } = setup({ ...failing, log });
      const gating = errorOf(gateReplica(gate, MONITOR_MS));
      await clock.advance(10);
      become(change);
      tell('oomKilled' in change ? 'oom' : 'died');
      expect((await gating).hint).toMatch(cause);
    });
  });
});
