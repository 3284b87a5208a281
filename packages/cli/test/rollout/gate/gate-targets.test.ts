import { describe, expect, it } from 'vitest';
import type { ContainerDetails } from '../../../src/model/container.ts';
import { type DialContext, targetsOn } from '../../../src/rollout/gate/gate-targets.ts';
import { scriptedEngine } from '../scripted-engine.ts';

/** The parts of a context that are used, on an engine that counts how often it is asked for a network. */
function setup() {
  const asked: string[] = [];
  const answers: (Error | undefined)[] = [];
  const engine = {
    ...scriptedEngine(),
    endpoint: { url: 'unix:///x', chosenBy: 'the test', local: true },
    inspectNetwork: async (name: string) => {
      asked.push(name);
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
      return undefined;
    },
  };
  // The casts: nothing else of them is read.
  const ledger = { state: {} };
  const context = { engine, ledger, near: new Map(), projectName: 'p' } as unknown as DialContext;
  const on = (network: string) => {
    const details = { addresses: { [network]: '10.0.0.2' } } as unknown as ContainerDetails;
    return targetsOn(context, { service: 'api' }, details, [3000, 3001]);
  };
  return { asked, answers, on };
}

describe('targetsOn', () => {
  it('decides once for each network which way to take, however often it is dialled', async () => {
    const { asked, on } = setup();
    await Promise.all([...on('a'), ...on('a'), ...on('b')].map(({ near }) => near()));
    for (const { near } of on('a')) expect(await near()).toBe(false);
    expect(asked.toSorted()).toEqual(['a', 'b']);
  });

  it('asks again after the engine was away for a moment', async () => {
    const { asked, answers, on } = setup();
    answers.push(new Error('away'));
    await expect(on('a')[0]?.near()).rejects.toThrow('away');
    expect(await on('a')[0]?.near()).toBe(false);
    expect(asked).toEqual(['a', 'a']);
  });
});
