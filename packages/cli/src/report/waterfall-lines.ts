/** The current state of one call to the engine. Times are milliseconds since the command began. */
export interface CallTiming {
  /** Method and path. */
  readonly name: string;
  readonly startMs: number;
  /** Absent while the call is open. */
  endMs?: number;
  /** The HTTP status, the failure, both, or `waiting`. */
  outcome: string;
}

const BAR_WIDTH = 40;
const NAME_WIDTH = 64;

/**
 * All calls in the order they started, each with a bar from its start to its end. The bar of a call that is still open
 * ends in `>`.
 */
export function waterfallLines(calls: readonly CallTiming[], totalMs: number): string[] {
  const open = calls.filter(({ endMs }) => endMs === undefined).length;
  const counts = `${calls.length} ${calls.length === 1 ? 'call' : 'calls'} to the engine`;
  const heading = `${counts} in ${(totalMs / 1000).toFixed(3)} s${open > 0 ? `, ${open} still open` : ''}`;
  const statusWidth = Math.max(0, ...calls.map(({ outcome }) => outcome.length));
  return [heading, ...calls.map((call) => line(call, totalMs, statusWidth))];
}

function line({ name, startMs, endMs, outcome }: CallTiming, totalMs: number, statusWidth: number): string {
  const at = (ms: number): number => Math.round((BAR_WIDTH * Math.min(ms, totalMs)) / Math.max(1, totalMs));
  const from = Math.min(at(startMs), BAR_WIDTH - 1);
  const to = Math.max(from + 1, at(endMs ?? totalMs));
  const bar = endMs === undefined ? `${'='.repeat(to - from - 1)}>` : '='.repeat(to - from);
  const drawn = `${' '.repeat(from)}${bar}`.padEnd(BAR_WIDTH);
  return `|${drawn}|  ${outcome.padEnd(statusWidth)}  ${name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 3)}...` : name}`;
}
