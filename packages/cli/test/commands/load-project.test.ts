import { describe, expect, it } from 'vitest';
import type { ComposeSource } from '../../src/commands/compose-source.ts';
import { readProjectName } from '../../src/commands/load-project.ts';

const source = (text: string, env: Record<string, string> = {}): ComposeSource => ({
  cwd: '/srv/shop',
  env,
  files: ['compose.yaml'],
  demoFile: '',
  readFile: async () => text,
});

describe('readProjectName', () => {
  it('is content with files that cannot be deployed, as long as they say a name', async () => {
    expect(await readProjectName(source('name: stall\nservices: { a: { restrat: always } }'))).toBe('stall');
  });

  it('refuses a name that none can have, as deploy does, wherever it is from', async () => {
    const named = source('services: { a: { image: x } }', { COMPOSE_PROJECT_NAME: 'Bad Name' });
    await expect(readProjectName(named)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: [expect.stringMatching(/^name: the project name "Bad Name" from COMPOSE_PROJECT_NAME must have/)],
    });
  });
});
