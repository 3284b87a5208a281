/** All calls in the long tests; one of so many in `npm test`. */
const EVERY = process.env.LOBBIE_EVERY_CALL ? 1 : 8;
/** Many at a time, for part of their time is waiting. */
const AT_A_TIME = 24;

/** Runs a test at the first, second, … call of a command to the engine. The first call that is not reached ends it. */
export async function atEveryCall(test: (call: number) => Promise<boolean>): Promise<void> {
  for (let first = 1; ; first += AT_A_TIME * EVERY) {
    const calls = Array.from({ length: AT_A_TIME }, (_, at) => first + at * EVERY);
    if ((await Promise.all(calls.map(test))).includes(false)) return;
  }
}
