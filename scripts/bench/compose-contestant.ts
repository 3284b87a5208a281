import type { Bench } from './bench.ts';
import type { Composing } from './compose.ts';
import type { Contestant } from './scenario.ts';

/** A contestant that needs Compose: nothing, and a note, if this machine has none. */
export function withCompose(bench: Bench, make: (compose: Composing) => readonly Contestant[]): readonly Contestant[] {
  if (bench.compose !== undefined) return make(bench.compose);
  bench.leaveOut('the rival Docker Compose', '`docker compose version` does not work here (or use --compose <path>)');
  return [];
}
