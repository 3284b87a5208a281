import { ensureKeeper } from '../ledger/keeper.ts';
import { readHistory } from '../ledger/read-history.ts';
import { LobbieError } from '../model/errors.ts';
import type { DownResult } from '../model/results.ts';
import { ownVolumes } from '../rollout/observe/own-networks-and-volumes.ts';
import { takeDown } from '../rollout/take-down.ts';
import type { CommandContext } from './context.ts';
import { readLedger } from './read-ledger.ts';

export interface DownOptions {
  /** Remove the history and the ledger too. */
  readonly history: boolean;
  /** Remove the project's volumes too, named and anonymous, but not external ones. */
  readonly volumes: boolean;
  /** Names of the volumes that the Compose files in this directory mark as external. */
  readonly externalVolumes?: readonly string[];
  /** Do not ask. */
  readonly yes: boolean;
}

/**
 * Removes containers, networks and ingresses. Removes volumes and the history only if asked to, after a confirmation.
 */
export async function down(
  context: CommandContext,
  { history, volumes, externalVolumes = [], yes }: DownOptions,
): Promise<DownResult> {
  // For its secrets: from here on, no error of the engine shows one.
  await readLedger(context);
  if ((volumes || history) && !yes && !(await mayRemove(context, { history, volumes }, externalVolumes))) {
    return { type: 'down', outcome: 'declined', project: context.projectName, removed: [], kept: ['everything'] };
  }
  return takeDown(context, context.projectName, {
    removeHistory: history,
    removeVolumes: volumes,
    externalVolumes,
    homeDirectory: context.homeDirectory,
  });
}

type Losses = Pick<DownOptions, 'history' | 'volumes'>;

async function mayRemove(
  context: CommandContext,
  { history, volumes }: Losses,
  external: readonly string[],
): Promise<boolean> {
  const { confirm, projectName } = context;
  if (confirm === undefined) {
    const options = [...(volumes ? ['--volumes'] : []), ...(history ? ['--history'] : [])].join(' ');
    const what = [...(volumes ? ['volumes'] : []), ...(history ? ['the history'] : [])].join(' and ');
    throw new LobbieError('USAGE', `Removing ${what} cannot be undone, and there is no terminal to ask at.`, {
      hint: `To confirm: lobbie down ${options} --yes`,
    });
  }
  const losses = [
    ...(volumes
      ? [volumeWords((await ownVolumes(context.engine, projectName)).filter((name) => !external.includes(name)))]
      : []),
    ...(history ? [await historyWords(context)] : []),
  ];
  return confirm(`Project ${projectName}: delete ${losses.join(', and ')}? This cannot be undone.`);
}

function volumeWords(names: readonly string[]): string {
  if (names.length === 0) return 'its anonymous volumes (it has no named ones)';
  return `${names.length === 1 ? 'volume' : 'volumes'} ${names.join(', ')}, and anonymous ones, with all data`;
}

/** Names what would be lost: the directory and its number of entries. */
async function historyWords(context: CommandContext): Promise<string> {
  const { engine, projectName } = context;
  const { keeper: bare, ledger } = await readLedger(context);
  const { history: directory, current, running } = ledger.state;
  const record = 'the record of every container that has run';
  if (bare === undefined || directory === null) return record;
  const keeper = await ensureKeeper(engine, projectName, bare.keeps ?? directory);
  try {
    // A rollout that was killed while moving the history leaves a keeper for the new directory.
    if (keeper.keeps !== directory) return `the history ${directory} and ${record}`;
    const { length } = await readHistory(engine, keeper);
    return `the history ${directory} (${length} ${length === 1 ? 'entry' : 'entries'}) and ${record}`;
  } finally {
    if (current === null && running === null) await engine.removeContainer(keeper.id, { force: true });
  }
}
