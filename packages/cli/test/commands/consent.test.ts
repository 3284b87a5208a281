import { mkdir, mkdtempDisposable, realpath, rename, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Agreed, consent, type Intended, openQuestions } from '../../src/commands/consent.ts';
import { originHere, otherOrigin } from '../../src/commands/deploy-origin.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { LedgerState } from '../../src/model/release.ts';
import { aProject, aService } from '../rollout/a-service.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const THERE: Origin = { host: 'web1', directory: '/srv/shop' };
const HERE: Origin = { host: 'laptop', directory: '/home/me/shop' };

const stateOf = (origin: Origin | undefined, history: string | null = null): LedgerState => ({
  current: {
    id: 'r1',
    number: 1,
    command: 'deploy',
    startedAtMs: 0,
    project: aProject([aService('api')]),
    images: {},
    ...(origin && { origin }),
  },
  running: null,
  releases: 1,
  history,
  containers: {},
  ingresses: {},
  leaving: null,
  ingressImage: null,
});

const intended = (state: LedgerState, here = HERE, history?: string): Intended => ({
  project: { ...aProject([aService('api')]), ...(history && { history: { source: history } }) },
  state,
  here,
  local: true,
  command: 'lobbie deploy',
});

const web1 = { engine: scriptedEngine(), host: 'web1' };
const NO: Agreed = { takeOver: false, moveHistory: false };
const SENTENCE = 'Project p was last deployed from /srv/shop on web1; this is /home/me/shop on laptop.';
const context = commandContext(scriptedEngine());

/** Asks as a person who gives this answer. */
async function ask(answer: boolean, what: Intended): Promise<{ asked: string[]; error: unknown }> {
  const asked: string[] = [];
  const confirm = async (question: string): Promise<boolean> => {
    asked.push(question);
    return answer;
  };
  const error = await consent({ ...context, confirm }, what, NO).catch((reason: unknown) => reason);
  return { asked, error };
}

describe('a project that was deployed from another place', () => {
  it('is not taken over where nobody can be asked, and the error names both places and the option', async () => {
    await expect(consent(context, intended(stateOf(THERE)), NO)).rejects.toMatchObject({
      code: 'OTHER_ORIGIN',
      message: SENTENCE,
      hint: 'Nothing was changed.\nTo take it over: lobbie deploy --take-over',
    });
  });

  it('is taken over by who agrees at the terminal, and by nobody else', async () => {
    const yes = await ask(true, intended(stateOf(THERE)));
    expect(yes).toEqual({ asked: [`${SENTENCE} Take it over?`], error: undefined });
    const no = await ask(false, intended(stateOf(THERE)));
    expect(no.error).toMatchObject({ code: 'OTHER_ORIGIN', message: SENTENCE });
  });

  it('is taken over with the option, and says so', async () => {
    const told: unknown[] = [];
    const report = (event: unknown): void => void told.push(event);
    await consent({ ...context, report }, intended(stateOf(THERE)), { ...NO, takeOver: true });
    expect(told).toMatchObject([{ type: 'warning', message: `${SENTENCE} Taking it over.` }]);
  });

  it('is named in the plan', async () => {
    expect(await openQuestions(intended(stateOf(THERE)))).toEqual([SENTENCE]);
  });

  it.each([
    ['the same directory on a host of another name', { host: 'runner-2', directory: '/srv/shop' }],
    ['another directory on the same host', { host: 'web1', directory: '/srv/shop2' }],
  ])('may be %s', async (_, here) => {
    expect(await otherOrigin(stateOf(THERE), here)).toEqual(THERE);
  });

  it('is one that a first deploy left when it died', async () => {
    const { current } = stateOf(THERE);
    expect(await otherOrigin({ ...stateOf(undefined), current: null, running: current }, HERE)).toEqual(THERE);
  });
});

describe('nothing is asked', () => {
  it.each([
    ['of the same place', stateOf(HERE)],
    ['where the ledger does not know the place', stateOf(undefined)],
    ['where nothing is deployed', { ...stateOf(THERE), current: null }],
    ['where what the ledger says is no place', stateOf({ host: 1 } as unknown as Origin)],
  ])('%s', async (_, state) => {
    for (const takeOver of [false, true]) {
      const asked = await ask(false, intended(state));
      expect(asked).toEqual({ asked: [], error: undefined });
      await consent(context, intended(state), { ...NO, takeOver });
    }
    expect(await openQuestions(intended(state))).toEqual([]);
  });

  it('of a path to the same directory, or of a directory that left a link behind when it was moved', async () => {
    await using root = await mkdtempDisposable(join(tmpdir(), 'lobbie-'));
    const path = await realpath(root.path);
    await mkdir(join(path, 'first'));
    await symlink('first', join(path, 'link'));
    const first = await originHere(web1, join(path, 'first'));
    expect(await originHere(web1, join(path, 'link'))).toEqual(first);
    await rename(join(path, 'first'), join(path, 'second'));
    const second = await originHere(web1, join(path, 'second'));
    expect(await otherOrigin(stateOf(first), second)).toEqual(first);
    await symlink('second', join(path, 'first'));
    expect(await otherOrigin(stateOf(first), second)).toBeUndefined();
  });
});

describe('the host of a container that lobbie runs in', () => {
  const remote = scriptedEngine();
  const engine = { ...remote, endpoint: { ...remote.endpoint, local: true } };

  it("is the engine's, which has the same name the next time", async () => {
    for (const host of ['0123456789ab', 'fedcba987654'])
      expect(await originHere({ engine, host }, '/srv')).toMatchObject({ host: 'engine-host' });
  });

  it('is its own where it was given a name, and where the engine is another machine', async () => {
    expect(await originHere({ engine, host: 'web1' }, '/srv')).toMatchObject({ host: 'web1' });
    expect(await originHere({ engine: remote, host: '0123456789ab' }, '/srv')).toMatchObject({ host: '0123456789ab' });
  });
});

describe('a history that another directory is named for', () => {
  it('stays where it is without the option, whether or not there is a terminal', async () => {
    const moves = intended(stateOf(HERE, '/srv/old'), HERE, '/srv/new');
    const refused = {
      code: 'HISTORY_MOVED',
      message: 'The history of project p is in /srv/old; this deploy would keep it in /srv/new.',
      hint: [
        'Nothing was changed.',
        'To move the history with all its entries: lobbie deploy --move-history',
        'To leave the history where it is: x-lobbie.history: /srv/old',
      ].join('\n'),
    };
    await expect(consent(context, moves, { ...NO, takeOver: true })).rejects.toMatchObject(refused);
    expect(await ask(true, moves)).toMatchObject({ asked: [], error: refused });
    await consent(context, moves, { ...NO, moveHistory: true });
  });

  it('is where it was when another path leads to the same directory of this machine', async () => {
    await using root = await mkdtempDisposable(join(tmpdir(), 'lobbie-'));
    await mkdir(join(root.path, 'history'));
    await symlink('history', join(root.path, 'link'));
    const moves = intended(stateOf(HERE, join(root.path, 'history')), HERE, join(root.path, 'link'));
    expect(await openQuestions(moves)).toEqual([]);
    expect(await openQuestions({ ...moves, local: false })).toHaveLength(1);
  });

  it('is told together with the other place', async () => {
    const both = intended(stateOf(THERE, '/srv/old'), HERE, '/srv/new');
    expect(await ask(true, both)).toMatchObject({
      asked: [],
      error: { message: SENTENCE, details: [expect.stringContaining('/srv/old')] },
    });
    await expect(consent(context, both, NO)).rejects.toMatchObject({
      code: 'OTHER_ORIGIN',
      hint: expect.stringContaining('lobbie deploy --take-over --move-history'),
    });
    expect(await openQuestions(both)).toHaveLength(2);
  });

  it('is no question of a first deploy, of the same directory, and of a file that names none', async () => {
    for (const [kept, wanted] of [
      [null, '/srv/new'],
      ['/srv/same', '/srv/same'],
      ['/srv/old', undefined],
    ] as const)
      expect(await openQuestions(intended(stateOf(HERE, kept), HERE, wanted))).toEqual([]);
  });
});
