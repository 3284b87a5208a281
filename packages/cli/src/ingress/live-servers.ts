import type { Clock } from '../model/clock.ts';
import { LobbieError } from '../model/errors.ts';
import type { IngressState, SlotFill } from '../model/ingress.ts';
import { type ContainerAddresses, controlOwnServers, type OwnServers } from './own-servers.ts';
import { type ProxySession, parseSessions } from './parse-sessions.ts';
import { backendNames, serverName } from './proxy-names.ts';
import { count, type ProxyStats, parseProxyStats } from './proxy-stats.ts';
import type { RuntimeSession } from './runtime-session.ts';
import { parseServerStates, type ServerState } from './server-states.ts';
import { createWatch, type WatchLimits } from './watch.ts';

/** The servers of a running HAProxy. A slot is one server in each backend; every act applies to all of them. */
export interface LiveServers {
  /** Gives a slot to a container without requests. Connections from its own addresses go back to it. */
  recognise(slot: number, container: string, where: ContainerAddresses, timeoutMs: number): Promise<void>;
  /** Points a slot at a container and sends it requests once each open port is in service. */
  fill(slot: number, container: string, addresses: readonly string[], timeoutMs: number): Promise<void>;
  /** Stops sending new requests. */
  drain(slot: number): Promise<void>;
  /** True once no request is in flight in the backends that count, as seen by the current worker. */
  idle(slot: number, limits: WatchLimits, counts: (proxy: string) => boolean): Promise<boolean>;
  /** The same without WebSockets. It has to list every session, which costs more. */
  answered(slot: number, limits: WatchLimits, counts: (proxy: string) => boolean): Promise<boolean>;
  /** Points a slot at a container that has no address yet. HAProxy sends requests once it has one. */
  expect(slot: number, fill: SlotFill): Promise<void>;
  /** Stops sending requests and forgets the container. */
  free(slot: number): Promise<void>;
  look(): Promise<ServerState[]>;
  readonly own: OwnServers;
}

interface LiveServersOptions {
  readonly session: RuntimeSession;
  readonly clock: Clock;
  /** The current ports and slots. */
  readonly state: () => IngressState;
  /** A name that always resolves, for free slots. */
  readonly placeholder: string;
}

export const controlServers = ({ session, clock, state, placeholder }: LiveServersOptions): LiveServers => {
  const look = async (): Promise<ServerState[]> =>
    parseServerStates((await session.run(['show servers state']))[0] ?? '');
  const servers = createWatch(clock, look, 10);
  const stats = createWatch<ProxyStats[]>(
    clock,
    async () => parseProxyStats((await session.run(['show stat -1 4 -1']))[0] ?? ''),
    20,
  );
  const own = controlOwnServers({ session, state, placeholder });
  const sessions = createWatch(clock, async () => parseSessions((await session.run(['show sess']))[0] ?? ''), 250);
  const backends = (): string[] => state().ports.flatMap(backendNames);
  const inEach = (slot: number, ...acts: readonly string[]): Promise<string[]> =>
    session.run(backends().flatMap((backend) => acts.map((act) => `set server ${backend}/${serverName(slot)} ${act}`)));
  const inSlot = (slot: number, seen: readonly ServerState[]): ServerState[] =>
    backends().flatMap((backend) =>
      seen.filter((server) => server.proxy === backend && server.server === serverName(slot)),
    );
  const waitFor = async (slot: number, what: string, test: (server: ServerState) => boolean, limits: WatchLimits) => {
    let last: ServerState[] = [];
    const reached = await servers.until((seen) => {
      last = inSlot(slot, seen);
      return last.length === backends().length && last.every(test);
    }, limits);
    if (!reached) throw notReached(state().service, what, limits.timeoutMs, last);
  };

  const ready = async (slot: number, container: string, timeoutMs: number): Promise<void> => {
    await inEach(slot, 'state ready', 'health up');
    // Does not wait for a port that is closed, or that has never been open.
    const idle = new Set(state().ports.flatMap((one) => (one.closed || one.unseen ? backendNames(one) : [])));
    const inService = (server: ServerState) => server.admin === 'none' && (server.running || idle.has(server.proxy));
    await waitFor(slot, `have ${container} in service`, inService, { timeoutMs });
  };

  return {
    look,
    own,
    recognise: async (slot, container, where, timeoutMs) => {
      const now = await look();
      // Also the slot: its configuration is then the same as on disk, and it is ready sooner.
      if (inSlot(slot, now).some(({ name }) => name !== container))
        await inEach(slot, 'state maint', `fqdn ${container}`);
      if (!own.fits(slot, container, now)) await own.follow(slot, container);
      await own.locate(slot, where);
      const known = await servers.until((seen) => own.isLocated(slot, where, seen), { timeoutMs, times: 2 });
      if (!known) throw notReached(state().service, `find the addresses of ${container}`, timeoutMs, []);
    },
    fill: async (slot, container, addresses, timeoutMs) => {
      // HAProxy answers before a new address is in effect, and `state ready` right after would send requests to the
      // slot's old address. So the address is read back, twice, before any request is sent.
      const there = (server: ServerState) =>
        server.name === container && server.address !== undefined && addresses.includes(server.address);
      const seen = await look();
      if (!own.fits(slot, container, seen)) await own.follow(slot, container);
      if (!inSlot(slot, seen).every(there)) await inEach(slot, 'state maint', `fqdn ${container}`);
      await waitFor(slot, `find ${container} at ${addresses.join(' or ')}`, there, { timeoutMs, times: 2 });
      await ready(slot, container, timeoutMs);
    },
    drain: async (slot) => {
      await inEach(slot, 'state drain');
    },
    idle: (slot, limits, counts) => {
      const name = serverName(slot);
      // Twice, because a request may have been assigned to the server just as it began to drain.
      const none = (line: ProxyStats) =>
        line.svname !== name || !counts(line.pxname ?? '') || count(line, 'scur') + count(line, 'qcur') === 0;
      return stats.until((lines) => lines.every(none), { ...limits, times: 2 });
    },
    answered: (slot, limits, counts) => {
      const inFlight = ({ proxy, server, upgraded }: ProxySession) =>
        server === serverName(slot) && counts(proxy) && !upgraded;
      return sessions.until((seen) => !seen.some(inFlight), { ...limits, times: 2 });
    },
    expect: async (slot, { container, state: wanted }) => {
      await inEach(slot, 'state maint', `fqdn ${container}`, ...(wanted === 'ready' ? ['state ready'] : []));
    },
    free: async (slot) => {
      await inEach(slot, 'state maint', `fqdn ${placeholder}`);
      await own.follow(slot, undefined);
    },
  };
};

const notReached = (service: string, what: string, timeoutMs: number, seen: readonly ServerState[]): LobbieError =>
  new LobbieError('INGRESS_FAILED', `The ingress of ${service} did not ${what} within ${timeoutMs / 1000} s.`, {
    details: seen.map(
      ({ proxy, server, name, address, running, admin }) =>
        `${proxy}/${server}: ${name ?? 'no name'} at ${address ?? 'no address'}, ${running ? 'up' : 'down'}, ${admin}`,
    ),
    hint: 'Run `lobbie logs` to see whether the replica listens, and check that it is on the network of its ingress.',
  });
