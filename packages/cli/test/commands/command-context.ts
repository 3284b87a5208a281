import type { CommandContext } from '../../src/commands/context.ts';
import type { ScriptedEngine } from '../rollout/scripted-engine.ts';
import { scriptedSurroundings } from '../rollout/scripted-surroundings.ts';

/** What a command on project `p` runs with, on an engine in memory; its clock goes on with each look. */
export function commandContext(engine: ScriptedEngine): CommandContext {
  const surroundings = scriptedSurroundings(engine);
  let nowMs = Date.UTC(2026, 0, 31);
  let releases = 0;
  return {
    ...surroundings,
    clock: { ...surroundings.clock, now: () => ++nowMs },
    newRelease: () => `r${++releases}`,
    projectName: 'p',
    host: 'here',
    homeDirectory: '/home/me',
    cwd: '/',
    settings: { nodeImage: 'n', port: 8080 },
    confirm: undefined,
  };
}
