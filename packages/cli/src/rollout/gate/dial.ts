import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseUnrunnable } from '../../ingress/refuse-unrunnable.ts';
import type { Clock } from '../../model/clock.ts';
import type { Engine } from '../../model/engine.ts';
import type { ProxyProtocol } from '../../model/ingress.ts';
import { patientTimer } from '../../model/patient-timer.ts';
import { proxyHeader } from './proxy-header.ts';

/** The engine through which replicas can be reached, and the clock. */
export interface Dialer {
  readonly engine: Engine;
  readonly clock: Clock;
}

/** A replica's port, and the ingress to reach it through if this machine cannot. */
export interface DialTarget {
  /** Empty if the replica has no address: nothing listens there. */
  readonly address: string;
  readonly port: number;
  /** Whether this machine is on the replica's network and can use its address directly. */
  readonly near: () => Promise<boolean>;
  /** What the replica reads first from each connection. */
  readonly proxyProtocol?: ProxyProtocol;
  /** The container id of the ingress, if one runs. */
  readonly via: () => Promise<string | undefined>;
}

/** Time for a connection on a bridge of this machine. Longer than any handshake, short enough to try the other way. */
const DIRECT_MS = 1000;

/**
 * Connects to a replica: directly if this machine is on its network, otherwise through `socat` in its ingress.
 *
 * @throws Error with `code` `ECONNREFUSED` if nothing listens there
 */
export async function dial(from: Dialer, target: DialTarget): Promise<Duplex> {
  const stream = await connectTo(from, target);
  if (target.proxyProtocol !== undefined) stream.write(proxyHeader(target.proxyProtocol, stream));
  return stream;
}

async function connectTo({ engine, clock }: Dialer, { address, port, near, via }: DialTarget): Promise<Duplex> {
  if (address === '') throw refused(port);
  if (await near()) {
    try {
      return await direct(clock, address, port);
    } catch (error) {
      // A refusal proves that it was reached. Any other error may come from a firewall.
      if (isRefused(error)) throw error;
    }
  }
  const ingress = await via();
  if (ingress === undefined) throw new Error(`${address} cannot be reached from here`);
  // socat connects only after it has started. Without this check, a refusal would look like an early end of the answer.
  const probe = await engine.exec(ingress, [
    'socat',
    '-u',
    'OPEN:/dev/null',
    `TCP:${address}:${port},connect-timeout=5`,
  ]);
  refuseUnrunnable(probe.exitCode, probe.output);
  if (probe.exitCode !== 0) throw refused(port);
  return engine.openExec(ingress, ['socat', '-', `TCP:${address}:${port}`]);
}

const refused = (port: number): Error =>
  Object.assign(new Error(`connection refused on port ${port}`), { code: 'ECONNREFUSED' });

/** Whether nothing listens on the port. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';

function direct(clock: Clock, host: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const stop = patientTimer(clock, DIRECT_MS, () => socket.destroy(new Error('timed out')));
    socket.once('connect', () => {
      stop();
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', (error) => {
      stop();
      reject(error);
    });
  });
}
