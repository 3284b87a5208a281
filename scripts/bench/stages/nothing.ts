import type { Stage } from '../scenario.ts';

/** For scenarios that need nothing on the engine. */
export const nothing: Stage<void> = { name: 'nothing', prepare: async () => undefined };
