/** Counts from vitest's JSON report; see `test-counts.mjs`, which runs on Nodes that know no types. */
export function countTests(
  report: string | undefined,
  status: number,
): { passed: number; failed: number; skipped: number };
