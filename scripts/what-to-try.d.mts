/** What to type after the first deploy; see `what-to-try.mjs`, which runs on Nodes that know no types. */
export function whatToTry(argv: readonly string[], port: string): string;
