import { describe, expect, it } from 'vitest';
import type { Ingress } from '../../../src/ingress/ingress.ts';
import type { Event } from '../../../src/model/events.ts';
import type { IngressPort, IngressState } from '../../../src/model/ingress.ts';
import type { PortFindings } from '../../../src/rollout/gate/gate.ts';
import { listenAsFound } from '../../../src/rollout/gate/listen-as-found.ts';
import { fakeClock } from '../../fake-clock.ts';
import { aService } from '../a-service.ts';

const WEB = aService('web', { shared: true, expose: [80, 443] });

/** Ports of an ingress, what the gates of its replicas found, and what became of it. */
const after = (ports: readonly IngressPort[], ...found: readonly Partial<PortFindings>[]) =>
  afterGates(ports, found, false);

/** @param together all at the same time */
async function afterGates(ports: readonly IngressPort[], found: readonly Partial<PortFindings>[], together: boolean) {
  const events: Event[] = [];
  const acts: string[] = [];
  let state = { service: 'web', ports } as unknown as IngressState;
  const ingress = {
    get state() {
      return state;
    },
    configure: async (change: (state: IngressState) => IngressState) => {
      acts.push('configure');
      // Another act has its turn first.
      await new Promise(setImmediate);
      state = change(state);
    },
    note: (noted: readonly IngressPort[]) => {
      acts.push('note');
      state = { ...state, ports: noted };
    },
  } as Ingress;
  const context = {
    sessions: new Map([['web', Promise.resolve(ingress)]]),
    clock: fakeClock(),
    events,
    report: (event: Event) => void events.push(event),
    // As far as it is asked for.
  } as unknown as Parameters<typeof listenAsFound>[0];
  const listen = (findings: Partial<PortFindings>) => listenAsFound(context, WEB, { ...NONE, ...findings });
  if (together) await Promise.all(found.map(listen));
  else for (const findings of found) await listen(findings);
  return { ports: state.ports, acts, events };
}

const NONE: PortFindings = { looked: true, asked: [], open: [], closed: [], speakFirst: [], random: [], http: [] };

describe('an ingress, after the gate of a replica', () => {
  it('only takes note of a port that was seen open', async () => {
    const { ports, acts } = await after([{ port: 80, mode: 'auto', unseen: true }], { open: [80] });
    expect(ports).toEqual([{ port: 80, mode: 'auto' }]);
    expect(acts).toEqual(['note']);
  });

  it('knows that a port speaks HTTP which the healthcheck asked so', async () => {
    const { ports, acts } = await after([{ port: 80, mode: 'auto' }], { open: [80], http: [80] });
    expect(ports).toEqual([{ port: 80, mode: 'auto', seen: 'http' }]);
    expect(acts).toEqual(['note']);
  });

  it('listens on an exposed port that is open, in the order of the ports', async () => {
    const { ports, acts } = await after([{ port: 80, mode: 'http' }], { open: [80, 9000, 22], speakFirst: [22] });
    expect(ports).toEqual([
      { port: 22, mode: 'auto', speaksFirst: true },
      { port: 80, mode: 'http' },
      { port: 9000, mode: 'auto' },
    ]);
    expect(acts).toEqual(['configure']);
  });

  it('listens on what two replicas found at the same time', async () => {
    const found = [{ open: [80, 9000] }, { open: [80, 8081] }];
    const { ports } = await afterGates([{ port: 80, mode: 'auto' }], found, true);
    expect(ports.map(({ port }) => port)).toEqual([80, 8081, 9000]);
  });

  it('waits for no first bytes where the new replica speaks first, and forgets what was seen there before', async () => {
    const { ports } = await after([{ port: 80, mode: 'auto', seen: 'http' }], { open: [80], speakFirst: [80] });
    expect(ports).toEqual([{ port: 80, mode: 'auto', speaksFirst: true }]);
  });

  it('leaves a port where old replicas may still speak first, and what the file says of a protocol', async () => {
    const before: IngressPort[] = [
      { port: 25, mode: 'auto', speaksFirst: true },
      { port: 80, mode: 'http' },
    ];
    expect((await after(before, { open: [25, 80], speakFirst: [80] })).ports).toEqual(before);
  });

  it('lets nobody wait at a port that stays closed, says so once, and listens again once it is open', async () => {
    const closed = { closed: [443] };
    const first = await after([{ port: 443, mode: 'auto', unseen: true }], closed, closed);
    expect(first.ports).toEqual([{ port: 443, mode: 'auto', unseen: true, closed: true }]);
    expect(first.events).toHaveLength(1);
    expect(first.events[0]).toMatchObject({ message: expect.stringContaining('port 443') });
    expect((await after(first.ports, { open: [443] })).ports).toEqual([{ port: 443, mode: 'auto' }]);
  });
});
