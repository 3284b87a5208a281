import type { GivenUnderLease } from './given.ts';

/** Warns, unless the command has already given the same warning. */
export function tellOnce(
  { events, report, clock }: Pick<GivenUnderLease, 'events' | 'report' | 'clock'>,
  message: string,
): void {
  if (events.some((event) => event.type === 'warning' && event.message === message)) return;
  report({ type: 'warning', timeMs: clock.now(), message });
}
