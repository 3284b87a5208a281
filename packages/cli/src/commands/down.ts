import { LobbieError } from '../model/errors.ts';
import type { DownResult } from '../model/results.ts';
import { takeDown } from '../rollout/take-down.ts';
import type { CommandContext } from './context.ts';

export interface DownOptions {
  /** Remove the history and the ledger too. */
  readonly history: boolean;
  /** Remove the project's named volumes too, never external ones. */
  readonly volumes: boolean;
  /** Do not ask. */
  readonly yes: boolean;
}

/** Removes containers, networks and ingresses; volumes and the history only when told to and after asking. */
export async function down(context: CommandContext, { history, volumes, yes }: DownOptions): Promise<DownResult> {
  const losses = [...(volumes ? [VOLUMES] : []), ...(history ? [HISTORY] : [])];
  if (losses.length > 0 && !yes && !(await mayRemove(context, losses))) {
    return { type: 'down', outcome: 'declined', project: context.projectName, removed: [], kept: ['everything'] };
  }
  const options = { removeHistory: history, removeVolumes: volumes };
  return takeDown(context, context.projectName, options);
}

interface Loss {
  readonly option: string;
  readonly noun: string;
  readonly what: string;
}

const VOLUMES: Loss = { option: '--volumes', noun: 'volumes', what: 'its volumes with all that is in them' };
const HISTORY: Loss = {
  option: '--history',
  noun: 'the history',
  what: 'its history, the record of every container that ever ran',
};

async function mayRemove({ confirm, projectName }: CommandContext, losses: readonly Loss[]): Promise<boolean> {
  if (confirm === undefined) {
    const options = losses.map(({ option }) => option).join(' ');
    const what = losses.map(({ noun }) => noun).join(' and ');
    throw new LobbieError('USAGE', `Removing ${what} cannot be undone, and there is no terminal to ask at.`, {
      hint: `Say \`lobbie down ${options} --yes\`.`,
    });
  }
  return confirm(`Project ${projectName} loses ${losses.map(({ what }) => what).join(', and ')}. Go on?`);
}
