import type { Engine } from '../model/engine.ts';
import type { SlotFill } from '../model/ingress.ts';
import type { LiveServers } from './live-servers.ts';
import { serverName } from './proxy-names.ts';
import type { ServerState } from './server-states.ts';
import type { Slots } from './slots.ts';

interface SyncParts {
  readonly engine: Engine;
  readonly placeholder: string;
  readonly slots: Slots;
  readonly servers: LiveServers;
}

/**
 * Brings each running slot to the state on disk, and leaves alone slots that already have it. A container that is not
 * running keeps its slot: HAProxy uses it when its name has an address again.
 */
export const syncServers = async ({ engine, placeholder, slots, servers }: SyncParts): Promise<void> => {
  const seen = await servers.look();
  const differs = (slot: number, fill: SlotFill | null): boolean =>
    seen.some((server) => server.server === serverName(slot) && !fits(server, fill, placeholder));
  const syncSlot = async (fill: SlotFill | null, slot: number): Promise<void> => {
    if (!servers.own.fits(slot, fill?.container, seen)) await servers.own.follow(slot, fill?.container);
    if (!differs(slot, fill)) return;
    if (fill === null) return servers.free(slot);
    const details = await engine.inspectContainer(fill.container);
    const addresses = Object.values(details?.addresses ?? {}).filter((address) => address !== '');
    if (details?.state !== 'running' || addresses.length === 0) return servers.expect(slot, fill);
    if (fill.state === 'drain') return servers.drain(slot);
    // A replica that does not come into service must not block its successor.
    await servers.fill(slot, fill.container, addresses, 10_000).catch(() => servers.expect(slot, fill));
  };
  await Promise.all(slots.state.slots.map(syncSlot));
};

const fits = ({ name, admin }: ServerState, fill: SlotFill | null, placeholder: string): boolean => {
  if (fill === null) return name === placeholder && admin === 'maintenance';
  if (name !== fill.container) return false;
  // A slot that was drained before a restart or reload comes back in maintenance: it gets no requests either way.
  return fill.state === 'ready' ? admin === 'none' || admin === 'unresolved' : admin !== 'none';
};
