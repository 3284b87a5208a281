import type { IngressState } from '../model/ingress.ts';
import { LABEL } from '../model/names.ts';
import type { LedgerState } from '../model/release.ts';
import type { RolloutContext } from './context.ts';
import { pausesOf } from './pauses-of.ts';

/** The point of no return: from here on the new release is what the project is, and the old containers may go. */
export async function commitRelease(context: RolloutContext): Promise<void> {
  const { ledger, clock, events } = context;
  const { running, current: former } = ledger.state;
  if (running === null) return;
  const current = {
    ...running,
    pausesMs: { ...former?.pausesMs, ...pausesOf(events, context) },
    endedAtMs: clock.now(),
    outcome: 'deployed',
  } as const;
  await ledger.write({ current, running: null, ingresses: await toldNow(context) }, current);
}

/** What each running ingress is told once those that are drained are gone. */
async function toldNow({ engine, project, sessions, told }: RolloutContext): Promise<LedgerState['ingresses']> {
  const labels = { [LABEL.project]: project.name, [LABEL.role]: 'ingress' };
  const running = (await engine.listContainers(labels)).filter(({ state }) => state === 'running');
  const states = await Promise.all(
    running.map(async ({ id, labels }) => {
      const session = await sessions.get(labels[LABEL.service] ?? '')?.catch(() => undefined);
      return [id, session?.state ?? told.get(id)] as const;
    }),
  );
  return Object.fromEntries(states.flatMap(([id, state]) => (state === undefined ? [] : [[id, serving(state)]])));
}

const serving = (state: IngressState): IngressState => ({
  ...state,
  slots: state.slots.map((fill) => (fill?.state === 'ready' ? fill : null)),
});
