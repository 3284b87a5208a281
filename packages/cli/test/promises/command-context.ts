import { homedir } from 'node:os';
import { dirname } from 'node:path';
import type { CommandContext } from '../../src/commands/context.ts';
import type { TestContext } from '../rollout/test-context.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';

/** A test's surroundings as the commands want them; its history lies where a command typed there would look. */
export const commandContext = (context: TestContext, change: Partial<CommandContext> = {}): CommandContext => ({
  ...context,
  projectName: context.project,
  host: 'here',
  homeDirectory: homedir(),
  cwd: dirname(context.history),
  settings: { nodeImage: NODE_IMAGE, port: 0 },
  confirm: undefined,
  ...change,
});
