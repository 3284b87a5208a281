import type { RolloutContext } from '../context.ts';

/** Warns, unless the command has said the same already. */
export function tellOnce(
  { events, report, clock }: Pick<RolloutContext, 'events' | 'report' | 'clock'>,
  message: string,
): void {
  if (events.some((event) => event.type === 'warning' && event.message === message)) return;
  report({ type: 'warning', timeMs: clock.now(), message });
}
