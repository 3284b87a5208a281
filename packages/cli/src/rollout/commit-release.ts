import type { RolloutContext } from './context.ts';
import { pausesOf } from './pauses-of.ts';

/** The point of no return: from here on the new release is what the project is, and the old containers may go. */
export async function commitRelease(context: RolloutContext): Promise<void> {
  const { engine, ledger, clock, events } = context;
  const { running, current: former } = ledger.state;
  if (running === null) return;
  const built = running.project.services.filter(({ name, image }) => running.images[name] === image);
  const ids = await Promise.all(
    built.map(async ({ name, image }) => [name, (await engine.inspectImage(image))?.id ?? image] as const),
  );
  const current = {
    ...running,
    images: { ...running.images, ...Object.fromEntries(ids) },
    pausesMs: { ...former?.pausesMs, ...pausesOf(events, context) },
    endedAtMs: clock.now(),
    outcome: 'deployed',
  } as const;
  // The state is what decides, so it is written last: a commit that fails before has not happened.
  await ledger.recordRelease(current);
  await ledger.write({ current, running: null });
}
