import { expect } from 'vitest';
import { history } from '../../src/commands/history.ts';
import type { HistoryContainer, Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import type { TestContext } from '../rollout/test-context.ts';
import type { TestProjectOptions } from '../rollout/test-project.ts';
import { commandContext } from './command-context.ts';
import { lightProject } from './light-project.ts';

type Wanted = Pick<TestProjectOptions, 'version' | 'port' | 'fail' | 'replicas'>;

/** Deploys the light project. */
export const deploy = (context: TestContext, wanted: Wanted): Promise<Receipt> =>
  rollOut(context, {
    project: lightProject({ name: context.project, history: context.history, ...wanted }),
    command: 'deploy',
    recreate: [],
    asDeployed: false,
  });

/** Containers of the first two replicas. */
export const namesOf = ({ replicas }: Receipt): [string, string] => [
  replicas[0]?.container ?? '',
  replicas[1]?.container ?? '',
];

/** All that the history has. */
export const rows = async (context: TestContext): Promise<readonly HistoryContainer[]> =>
  (await history(commandContext(context), undefined)).containers;

export const rowOf = async (context: TestContext, name: string): Promise<HistoryContainer | undefined> =>
  (await rows(context)).find(({ container }) => container === name);

/** The history has all of these, and none of them twice. */
export async function expectAll(context: TestContext, ran: readonly string[]): Promise<void> {
  const names = (await rows(context)).map(({ container }) => container);
  expect(names).toEqual(expect.arrayContaining([...ran]));
  expect(new Set(names).size).toBe(names.length);
}
