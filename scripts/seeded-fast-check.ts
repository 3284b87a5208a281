import fc from 'fast-check';
import { seedOf } from './seed-of.ts';

const seed = seedOf(process.env);
if (seed !== undefined) fc.configureGlobal({ seed });

/** fast-check with the seed of this run. A property that fails prints its seed; see docs/testing.md. */
export { fc };
