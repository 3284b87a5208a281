import { LobbieError } from '../model/errors.ts';
import type { DownResult } from '../model/results.ts';
import { takeDown } from '../rollout/take-down.ts';
import type { CommandContext } from './context.ts';

export interface DownOptions {
  /** Remove the history and the ledger too. */
  readonly history: boolean;
  /** Do not ask. */
  readonly yes: boolean;
}

/** Removes containers, networks and ingresses; the history only when told to and after asking. */
export async function down(context: CommandContext, { history, yes }: DownOptions): Promise<DownResult> {
  if (history && !yes && !(await mayRemove(context))) {
    return { type: 'down', project: context.projectName, removed: [], kept: ['everything'] };
  }
  return takeDown(context, context.projectName, { removeHistory: history });
}

async function mayRemove({ confirm, projectName }: CommandContext): Promise<boolean> {
  if (confirm === undefined) {
    throw new LobbieError('USAGE', 'Removing the history cannot be undone, and there is no terminal to ask at.', {
      hint: 'Say `lobbie down --history --yes`.',
    });
  }
  return confirm(`Remove the history of project ${projectName}, the record of every container that ever ran?`);
}
