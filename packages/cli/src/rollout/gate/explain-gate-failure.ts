import type { ContainerDetails } from '../../model/container.ts';
import { LobbieError } from '../../model/errors.ts';
import type { Healthcheck } from '../../model/service.ts';
import { proxiedPorts } from '../../model/shown-to-proxies.ts';
import { listeningSockets } from '../observe/listening-sockets.ts';
import type { Gate } from './gate.ts';
import { isOff } from './healthcheck.ts';
import { lastLog } from './last-log.ts';
import { likelyDependency } from './likely-dependency.ts';

/** The check that failed last, and why it can never pass if that is known. */
export interface LastCheck {
  readonly words: string;
  readonly cause?: string;
}

/**
 * Describes on one screen why a replica did not pass: what was checked, how it ended, its last log lines, the likely
 * cause.
 */
export async function explainGateFailure(
  gate: Gate,
  what: string,
  last: LastCheck,
  check: Healthcheck | undefined,
): Promise<LobbieError> {
  const { engine, container, replica, events } = gate;
  const [now, written, sockets] = await Promise.all([
    engine.inspectContainer(container.id).catch(() => undefined),
    lastLog(engine, container.id, gate.service.name),
    listeningSockets(engine, container.id).then((found) => found ?? []),
  ]);
  const log = written.lines;
  const ended = now?.state !== 'running' || what === 'exited' || what === 'ran out of memory';
  // A container that was started again no longer has its own exit code.
  const exitCode = now?.exitCode ?? (ended ? events.exitCodeOf(container.id) : undefined);
  const cause = ended
    ? causeOfEnd(gate, what, exitCode, now, log)
    : (last.cause ?? causeOfSilence(gate, last, log, sockets));
  const details = [
    `container    ${container.name}`,
    ...(check === undefined ? [] : [`healthcheck  ${check.test.slice(1).join(' ')}`]),
    ...(ended
      ? [`exit code    ${exitCode ?? 'unknown'}${now?.oomKilled ? ' (killed: out of memory)' : ''}`]
      : [`last check   ${last.words}`, ...listensOn(sockets)]),
    ...(now?.lastHealthOutput ? [`its output   ${now.lastHealthOutput.trim().split('\n').at(-1)}`] : []),
    ...(now?.error ? [`the engine   ${now.error}`] : []),
    ...written.details,
  ];
  const reason = ended
    ? `${what}${exitCode === undefined || what !== 'exited' ? '' : ` with code ${exitCode}`}`
    : `${what} (last check: ${last.words})`;
  return new LobbieError('GATE_FAILED', `Replica ${replica} ${reason}.`, {
    details,
    hint: [cause, written.hint, 'Fix the service and deploy again.'].filter((line) => line !== undefined).join('\n'),
  });
}

/** Shows the open ports, so that a healthcheck that asks another port is seen at once. */
const listensOn = (sockets: readonly { address: string; port: number }[]): string[] =>
  sockets.length === 0 ? [] : [`listens on   port ${[...new Set(sockets.map(({ port }) => port))].join(', ')}`];

const OTHER_ARCHITECTURE = "Likely cause: the image was built for another architecture than the engine's.";

function causeOfEnd(
  gate: Gate,
  what: string,
  exitCode: number | undefined,
  now: ContainerDetails | undefined,
  log: readonly string[],
): string | undefined {
  if (what === 'ran out of memory' || now?.oomKilled)
    return 'Likely cause: it needs more memory than its limit. Raise its memory limit.';
  if ([...log, now?.error ?? ''].some((line) => EXEC_FORMAT.test(line))) return OTHER_ARCHITECTURE;
  const dependency = likelyDependency(log, gate.service, gate.peers ?? []);
  if (dependency !== undefined) return dependency;
  if (exitCode === 127 || exitCode === 126)
    return 'Likely cause: the command is not in the image or is not executable.';
  if (what === 'exited' && exitCode === 0)
    return 'Likely cause: its command ends after doing its work, but a service must keep running.';
  return undefined;
}

const EXEC_FORMAT = /exec format error/i;

function causeOfSilence(
  gate: Gate,
  last: LastCheck,
  log: readonly string[],
  sockets: readonly { address: string; port: number }[],
): string | undefined {
  if (log.some((line) => EXEC_FORMAT.test(line))) return OTHER_ARCHITECTURE;
  const dependency = likelyDependency(log, gate.service, gate.peers ?? []);
  for (const { port } of gate.ports) {
    const here = sockets.filter((socket) => socket.port === port);
    if (here.length > 0 && here.every(({ address }) => address.startsWith('127.') || address === '::1')) {
      return `Likely cause: it listens on 127.0.0.1:${port} only, where other containers cannot reach it. Let it listen on 0.0.0.0.`;
    }
    // `::` also accepts IPv4, unless the program says otherwise.
    const isRefused = last.words.startsWith(`port ${port}: `);
    if (isRefused && here.length > 0 && here.every(({ address }) => !address.includes('.')))
      return `Likely cause: it listens on port ${port} only over IPv6, but its ingress connects over IPv4. Let it also listen on 0.0.0.0.`;
    if (isRefused && here.length > 0)
      return `Likely cause: it opened port ${port} only after the deadline. ${moreTime(gate)}`;
    if (here.length === 0 && dependency !== undefined) return dependency;
    if (here.length === 0 && gate.sharedBy.length > 0)
      return `Likely cause: neither it nor ${gate.sharedBy.join(', ')}, which shares its network, listens on port ${port}.`;
    if (here.length === 0 && sockets.length > 0) {
      const others = [...new Set(sockets.map((socket) => socket.port))].join(', ');
      const said = proxiedPorts(gate.service).includes(port)
        ? 'is the one that its routing labels name'
        : 'is published';
      return `Likely cause: it listens on port ${others}, and port ${port} ${said}.`;
    }
    if (here.length === 0) return `Likely cause: nothing in it listens on port ${port} yet. ${moreTime(gate)}`;
  }
  return dependency;
}

/** How to wait longer for a slow replica. */
const moreTime = ({ container }: Gate): string =>
  isOff(container.healthcheck) || container.healthcheck === undefined
    ? 'If it needs more time: run lobbie deploy with --timeout 300, or give it a healthcheck with a longer start_period.'
    : 'If it needs more time: raise start_period of its healthcheck, or run lobbie deploy with --timeout 300.';
