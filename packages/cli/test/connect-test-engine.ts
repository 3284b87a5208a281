import { homedir } from 'node:os';
import { connectEngine } from '../src/engine/connect-engine.ts';
import type { Engine } from '../src/model/engine.ts';
import { realClock } from '../src/real-clock.ts';

/** Connects as the command would. The caller closes it. */
export const connectTestEngine = (): Promise<Engine> =>
  connectEngine({ clock: realClock, env: process.env, homeDirectory: homedir(), platform: process.platform });
