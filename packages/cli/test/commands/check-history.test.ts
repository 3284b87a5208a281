import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkHistory } from '../../src/commands/check-history.ts';
import { temporaryDirectory } from '../cli/temporary-directory.ts';
import { loadFrom } from '../compose/load-from.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';

describe('checkHistory', () => {
  it.each([
    ['root/etc', /leads to \/etc, which is a system directory/],
    ['root/etc/new', /leads to \/etc\/new, which is a system directory/],
    ['root', /leads to \/, which is the root/],
    ['self', /leads to \S+\/app, which is the project directory/],
    ['self/..', /contains the project directory/],
    ['home', /leads to \S+\/user, which is a home directory/],
    ['self/history', undefined],
    ['history/new', undefined],
  ])('follows links: %s', async (named, message) => {
    using place = temporaryDirectory();
    const [app, user] = [join(place.path, 'app'), join(place.path, 'user')];
    for (const path of [app, user]) mkdirSync(path);
    for (const [name, to] of [
      ['root', '/'],
      ['self', '.'],
      ['home', '../user'],
    ] as const)
      symlinkSync(to, join(app, name));
    const loaded = { ...(await loadFrom({ '/app/compose.yaml': 'services: {a: {image: x}}' })), directory: app };
    const source = { cwd: app, env: {}, demoFile: '' };
    const engine = { ...scriptedEngine(), endpoint: { ...scriptedEngine().endpoint, local: true } };
    const context = { engine, homeDirectory: user };
    const checked = checkHistory(context, { history: { source: `${app}/${named}` } }, loaded, source);
    if (message === undefined) await expect(checked).resolves.toBeUndefined();
    else
      await expect(checked).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        details: expect.arrayContaining([expect.stringMatching(message)]),
      });
  });
});
