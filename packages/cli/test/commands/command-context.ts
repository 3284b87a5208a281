import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CommandContext } from '../../src/commands/context.ts';
import type { ScriptedEngine } from '../rollout/scripted-engine.ts';

/** What a command on project `p` runs with, on an engine in memory; its clock goes on with each look. */
export function commandContext(engine: ScriptedEngine): CommandContext {
  let nowMs = Date.UTC(2026, 0, 31);
  let releases = 0;
  return {
    engine,
    clock: { now: () => ++nowMs, sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}) },
    report: () => undefined,
    signal: new AbortController().signal,
    newRelease: () => `r${++releases}`,
    holder: 'test',
    ingressBuild: {
      context: fileURLToPath(new URL('../../assets/', import.meta.url)),
      dockerfile: 'Dockerfile.ingress',
      args: {},
    },
    projectName: 'p',
    cwd: '/',
    settings: { nodeImage: 'n', port: 8080 },
    confirm: undefined,
  };
}
