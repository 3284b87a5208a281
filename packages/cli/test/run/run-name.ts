import { randomBytes } from 'node:crypto';

/** What one run of the tests calls itself; a file that is run without the global set-up has a name of its own. */
const RUN = process.env.LOBBIE_TEST_RUN ?? randomBytes(3).toString('hex');

/** Everything that a run of the tests makes on the engine is named with this prefix or carries one of these labels. */
export const RUN_PREFIX = `t-${RUN}-`;
export const RUN_LABELS = { 'dev.lobbie.test': RUN };

/** A name that nothing else has: `t-<run>-<what>-<8 digits>`. */
export const runName = (what?: string): string =>
  `${RUN_PREFIX}${what === undefined ? '' : `${what}-`}${randomBytes(4).toString('hex')}`;
