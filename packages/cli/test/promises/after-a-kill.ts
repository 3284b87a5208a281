import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { LobbieError } from '../../src/model/errors.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import type { TestContext } from '../rollout/test-context.ts';
import { lightProject } from './light-project.ts';
import type { Order } from './run-child.ts';

type Wanted = Pick<Order, 'version' | 'replicas' | 'port'>;

/** Deploys, or recreates what is named, once the lease of one who was killed has ended. */
export const deploy = (context: TestContext, wanted: Wanted, recreate: readonly string[] = []): Promise<Receipt> =>
  whenFree(() =>
    rollOut(context, {
      project: lightProject({ name: context.project, history: context.history, ...wanted }),
      command: recreate.length === 0 ? 'deploy' : 'recreate',
      recreate,
      asDeployed: false,
    }),
  );

/** Takes the project down; its history stays. */
export const down = (context: TestContext): Promise<unknown> =>
  whenFree(() => takeDown(context, context.project, { removeHistory: false }));

/** A lease whose holder was killed while the engine was starting it does not hear of that: it ends after 15 s of silence. */
async function whenFree<T>(command: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof LobbieError) || error.code !== 'LEASE_TAKEN') throw error;
      await setTimeout(500);
    }
  }
}

/** The version that answers. */
export async function served(port: number): Promise<string> {
  const answer = await fetch(`http://localhost:${port}/`);
  return ((await answer.json()) as { version: string }).version;
}

/** One ingress, the keeper, and the replicas of the receipt: no container too many, not even a lease. */
export async function expectNothingElse({ engine, project }: TestContext, { replicas }: Receipt): Promise<void> {
  const containers = await lasting(engine, project);
  const described = containers.map(({ name, labels, state }) =>
    labels[LABEL.role] === 'replica' ? `${name} ${state}` : `${labels[LABEL.role]} ${state}`,
  );
  expect(described.toSorted()).toEqual(
    [...replicas.map(({ container }) => `${container} running`), 'ingress running', 'keeper created'].toSorted(),
  );
}

/** Nothing but the ledger's volume is left. */
export async function expectNothing({ engine, project }: TestContext): Promise<void> {
  expect((await lasting(engine, project)).map(({ name }) => name)).toEqual([]);
  expect(await engine.inspectNetwork(`${project}_default`)).toBeUndefined();
}

/** The engine needs another moment to remove a lease that has ended. */
async function lasting(engine: TestContext['engine'], project: string) {
  const list = () => engine.listContainers({ [LABEL.project]: project });
  await expect.poll(async () => (await list()).filter(isLease)).toEqual([]);
  return list();
}

/** Whether a container is a lease. */
export const isLease = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean =>
  labels[LABEL.role] === 'lease';
