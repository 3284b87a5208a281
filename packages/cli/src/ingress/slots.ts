import { coalesce } from '../model/coalesce.ts';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { IngressState, SlotFill } from '../model/ingress.ts';
import { configFiles } from './config-file.ts';
import { CONFIG_DIRECTORY } from './render-haproxy-config.ts';

/** The state of an ingress as this holder of the lease has it, and its copy on the ingress's disk. */
export interface Slots {
  readonly state: IngressState;
  /** How many times the running HAProxy was reloaded; see `renderHaproxyConfig`. */
  generation: number;
  /** The slot of a container, counted from 0; undefined if it has none. */
  find(container: string): number | undefined;
  /** Takes the slot that has been free for longest. `INGRESS_FAILED` if all are filled. */
  take(container: string): number;
  /** Sets whether the container in the slot gets new requests. */
  mark(slot: number, state: SlotFill['state']): void;
  /** Frees the slot. */
  free(slot: number): void;
  replace(state: IngressState): void;
  /** Resolves when the state at the time of the call, or a newer one, is on disk. */
  write(): Promise<void>;
}

/** Keeps the state of the ingress in container `containerId`. Calls during a write share the next one. */
export const keepSlots = (
  engine: Engine,
  containerId: string,
  initial: IngressState,
  initialGeneration: number,
): Slots => {
  let state = initial;
  let generation = initialGeneration;
  const freedAt = new Map<number, number>();
  let freed = 0;

  const set = (slot: number, fill: SlotFill | null): void => {
    if (fill === null) freedAt.set(slot, ++freed);
    state = { ...state, slots: state.slots.map((old, index) => (index === slot ? fill : old)) };
  };
  const find = (container: string): number | undefined => {
    const slot = state.slots.findIndex((fill) => fill?.container === container);
    return slot === -1 ? undefined : slot;
  };
  const take = (container: string): number => {
    const free = state.slots.flatMap((fill, slot) => (fill === null ? [slot] : []));
    const slot = free.toSorted((a, b) => (freedAt.get(a) ?? 0) - (freedAt.get(b) ?? 0))[0];
    if (slot === undefined) {
      throw new LobbieError(
        'INGRESS_FAILED',
        `The ingress of ${state.service} has no free slot for ${container}: all ${state.slots.length} are filled.`,
      );
    }
    const { proxyProtocol } = state;
    set(slot, { container, state: 'ready', ...(proxyProtocol && { proxyProtocol }) });
    return slot;
  };
  const write = coalesce<never>(() => engine.writeFiles(containerId, CONFIG_DIRECTORY, configFiles(state, generation)));
  return {
    get state() {
      return state;
    },
    get generation() {
      return generation;
    },
    set generation(newer) {
      generation = newer;
    },
    find,
    take,
    mark: (slot, wanted) => {
      const fill = state.slots[slot];
      if (fill) set(slot, { ...fill, state: wanted });
    },
    free: (slot) => set(slot, null),
    replace: (newer) => {
      state = newer;
    },
    write: () => write([]),
  };
};
