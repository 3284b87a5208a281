import type { Clock } from '../model/clock.ts';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { IngressCounters, IngressPort, IngressState } from '../model/ingress.ts';
import { readIngressState } from './config-file.ts';
import { drainTimes } from './drain-times.ts';
import type { DrainLimits, Ingress } from './ingress.ts';
import { controlServers, type LiveServers } from './live-servers.ts';
import { noteSpoken } from './note-spoken.ts';
import { type OldWorkers, watchOldWorkers } from './old-workers.ts';
import type { ContainerAddresses } from './own-servers.ts';
import { bytesBackends, proxyName } from './proxy-names.ts';
import { parseProxyStats } from './proxy-stats.ts';
import { readCounters, readSpoken } from './read-counters.ts';
import { readTls } from './read-tls.ts';
import { readInfo, reload } from './reload.ts';
import { fingerprint } from './render-haproxy-config.ts';
import { type IngressPlace, openRuntimeSession, type RuntimeSession } from './runtime-session.ts';
import { keepSlots, type Slots } from './slots.ts';
import { syncServers } from './sync-servers.ts';
import { startTally } from './tally.ts';
import { takeTurns } from './turns.ts';

export type { Ingress } from './ingress.ts';

/**
 * It usually takes a few tenths of a second. A busy machine may take longer, and a deploy must not fail because of it.
 */
const ADMIT_TIMEOUT_MS = 60_000;
/** Long enough for a few checks. New connections wait meanwhile. */
const LAST_LOOK_MS = 100;

/**
 * Opens the ingress in a started container. When this resolves, it serves, and its state equals the configuration on
 * its disk, whatever happened to its last holder.
 *
 * @param told the configuration on its disk, if known; undefined: it is read
 */
export const openIngress = async (place: IngressPlace, containerId: string, told?: IngressState): Promise<Ingress> => {
  const { engine, clock } = place;
  const [details, initial] = await Promise.all([
    engine.inspectContainer(containerId),
    told ?? readIngressState(engine, containerId),
  ]);
  if (details?.state !== 'running' || initial === undefined) {
    throw new LobbieError(
      'INGRESS_FAILED',
      `The ingress ${details?.name ?? containerId} is ${details === undefined ? 'gone' : details.state}${
        initial === undefined ? ' and has no configuration' : ''
      }.`,
      { hint: 'Run `lobbie deploy` to make it again.' },
    );
  }
  const session = openRuntimeSession(place, details.id);
  const { generation } = await readInfo(session);
  const slots = keepSlots(engine, details.id, initial, generation);
  // The engine's DNS resolves a container's short id.
  const placeholder = details.id.slice(0, 12);
  const servers = controlServers({ session, clock, state: () => slots.state, placeholder });
  const oldWorkers = watchOldWorkers(place, details.id);
  return operate({ engine, clock, id: details.id, placeholder, session, slots, servers, oldWorkers });
};

interface Parts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly id: string;
  readonly placeholder: string;
  readonly session: RuntimeSession;
  readonly slots: Slots;
  readonly servers: LiveServers;
  readonly oldWorkers: OldWorkers;
}

const operate = async (parts: Parts): Promise<Ingress> => {
  const { clock, id, session, slots, servers, oldWorkers } = parts;
  // A worker that is about to be replaced must not get commands that its successor would miss.
  const turns = takeTurns();
  let current: string | undefined;
  const tally = startTally();

  const recognise = async (container: string, where: ContainerAddresses): Promise<void> => {
    let slot = slots.find(container);
    if (slot === undefined) {
      slot = slots.take(container);
      slots.mark(slot, 'drain');
      await slots.write();
    }
    await servers.recognise(slot, container, where, ADMIT_TIMEOUT_MS);
  };
  const admit = async (container: string, addresses: readonly string[]): Promise<void> => {
    const known = slots.find(container);
    const slot = known ?? slots.take(container);
    slots.mark(slot, 'ready');
    try {
      await slots.write();
      await servers.fill(slot, container, addresses, ADMIT_TIMEOUT_MS);
    } catch (error) {
      // Reports the failure to admit. If the slot cannot be freed now, the next sync does it.
      if (known === undefined) await free(container).catch(() => {});
      throw error;
    }
  };
  const drain = async (container: string, { timeoutMs, signal }: DrainLimits): Promise<boolean> => {
    const slot = slots.find(container);
    if (slot === undefined) return true;
    const { state } = slots;
    const isAlone = state.slots.every((one, index) => index === slot || one?.state !== 'ready');
    const { requestsMs, bytesMs } = drainTimes(timeoutMs, state.holdTimeoutMs, isAlone);
    await turns.beside(async () => {
      slots.mark(slot, 'drain');
      await slots.write();
      await servers.drain(slot);
    });
    const begun = clock.monotonicMs();
    const left = (ms: number) => Math.max(0, begun + ms - clock.monotonicMs());
    const oldIdle = (ms: number, counts: (proxy: string) => boolean): Promise<boolean> =>
      oldWorkers.idle(slot, { timeoutMs: Math.max(2000, left(ms)), signal }, counts);
    const all = (): boolean => true;
    const isIdle = await servers.idle(slot, { timeoutMs: left(bytesMs), signal }, all);
    if (isIdle && (await oldIdle(bytesMs, all))) return true;
    if (bytesMs >= requestsMs) return false;
    const bytes = new Set(slots.state.ports.flatMap(bytesBackends));
    const requests = (proxy: string): boolean => !bytes.has(proxy);
    if (!(await servers.answered(slot, { timeoutMs: left(requestsMs), signal }, requests))) return false;
    if (!(await oldIdle(requestsMs, requests))) return false;
    // Whether connections are left that will be cut.
    return servers.idle(slot, { timeoutMs: LAST_LOOK_MS, signal }, all);
  };
  const free = async (container: string): Promise<void> => {
    const slot = slots.find(container);
    if (slot === undefined) return;
    slots.free(slot);
    await slots.write();
    await servers.free(slot);
  };
  const note = (ports: readonly IngressPort[]): void => slots.replace({ ...slots.state, ports });
  /** Counters of the open ports. A connection refused at a closed port is not a failure. */
  const countersIn = (answer: string, replaced = false): IngressCounters => {
    const closed = slots.state.ports.flatMap((one) => (one.closed ? [proxyName(one.port)] : []));
    const lines = parseProxyStats(answer).filter(({ pxname = '' }) => !closed.includes(pxname));
    return readCounters(lines, replaced);
  };
  /** Brings the running HAProxy to the state on disk. */
  const follow = async (): Promise<void> => {
    const running = await readInfo(session);
    if (running.fingerprint !== fingerprint(slots.state)) {
      slots.generation = running.generation + 1;
      await slots.write();
      // Also before the reload: a drain that ends meanwhile must check the worker that is being replaced.
      oldWorkers.refresh();
      const replaced = await reload(parts, id, session);
      tally.end(replaced, countersIn(replaced.stats, true));
      oldWorkers.refresh();
    }
    current = fingerprint(slots.state);
    await syncServers(parts);
  };
  const configure = async (wanted: IngressState): Promise<void> => {
    const { state: previous, generation } = slots;
    slots.replace({ ...wanted, slots: keepFilled(previous.slots, wanted.slots.length) });
    await slots.write();
    try {
      await follow();
    } catch (error) {
      slots.replace({ ...previous, slots: slots.state.slots });
      slots.generation = generation;
      await slots.write();
      throw error;
    }
  };
  // Free slots must be set up for the next replicas. Only a reload can change that.
  const upToDate = async (): Promise<void> => {
    if (fingerprint(slots.state) !== current) await turns.alone(follow);
  };
  await follow();
  oldWorkers.lookAhead();
  return {
    get state() {
      return slots.state;
    },
    recognise: async (container, where = {}) => {
      await upToDate();
      await turns.beside(() => recognise(container, where));
    },
    admit: async (container, addresses) => {
      await upToDate();
      await turns.beside(() => admit(container, addresses));
    },
    drain,
    free: (container) => turns.beside(() => free(container)),
    get restarts() {
      return tally.restarts;
    },
    counters: async () => {
      const worker = await readInfo(session);
      const { ports } = slots.state;
      note(noteSpoken(ports, readSpoken(parseProxyStats(worker.stats), await readTls(session, ports))));
      return tally.add(worker, countersIn(worker.stats));
    },
    // Another act may change the state until this one's turn comes.
    configure: (change) => turns.alone(() => configure(change(slots.state))),
    note,
    close: session.close,
  };
};

/** As many slots as wanted, but no fewer than the filled ones need. */
const keepFilled = (slots: IngressState['slots'], wanted: number): IngressState['slots'] => {
  const needed = slots.findLastIndex((fill) => fill !== null) + 1;
  return Array.from({ length: Math.max(wanted, needed) }, (_, slot) => slots[slot] ?? null);
};
