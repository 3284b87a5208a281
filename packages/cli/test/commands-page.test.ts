import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runLobbie } from './cli/run-lobbie.ts';

const page = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8');
const COMMANDS = ['deploy', 'config', 'recreate', 'scale', 'history', 'status', 'logs', 'down', 'ingress-image'];

const optionsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => option)),
];

/** The options that the help of a command lists, without those that only its examples name. */
async function optionsOf(command: string): Promise<string[]> {
  const { stdout } = await runLobbie([command, '--help'], { cwd: '/' });
  const listed = stdout.split(/^Options:$/m)[1]?.split(/^Examples:$/m)[0] ?? '';
  const flags = [...listed.matchAll(/^ {2}(-\S.*?)(?: {2}|$)/gm)].map(([, flag = '']) => flag);
  return optionsIn(flags.join('\n'));
}

describe('docs/commands.md', () => {
  it.each(COMMANDS)('lists %s and all of its options', async (command) => {
    expect(page).toMatch(new RegExp(`^\\| \`lobbie ${command}\\b`, 'm'));
    const options = await optionsOf(command);
    expect(options).toContain('--json');
    expect(options.filter((option) => option !== '--help' && !optionsIn(page).includes(option))).toEqual([]);
  });

  it('lists no option that no command has', async () => {
    const all = (await Promise.all(COMMANDS.map(optionsOf))).flat();
    expect(optionsIn(page).filter((option) => !all.includes(option))).toEqual([]);
  });
});
