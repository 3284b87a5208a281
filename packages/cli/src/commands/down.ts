import { ensureKeeper } from '../ledger/keeper.ts';
import { readHistory } from '../ledger/read-history.ts';
import { LobbieError } from '../model/errors.ts';
import { keeperName, ledgerVolumeName } from '../model/names.ts';
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
  const { engine, projectName } = context;
  const hasLedger = (await engine.inspectVolume(ledgerVolumeName(projectName))) !== undefined;
  // For its secrets: from here on, no error of the engine shows one.
  const found = hasLedger ? await readLedger(context) : undefined;
  const isAsked = (volumes || history) && !yes;
  if (isAsked && !(await mayRemove(context, { history, volumes }, externalVolumes, found))) {
    return { type: 'down', outcome: 'declined', project: projectName, removed: [], kept: ['everything'] };
  }
  return takeDown(context, projectName, {
    removeHistory: history,
    removeVolumes: volumes,
    externalVolumes,
    homeDirectory: context.homeDirectory,
  });
}

type FoundLedger = Awaited<ReturnType<typeof readLedger>>;
type Losses = Pick<DownOptions, 'history' | 'volumes'>;

async function mayRemove(
  context: CommandContext,
  { history, volumes }: Losses,
  external: readonly string[],
  found: FoundLedger | undefined,
): Promise<boolean> {
  const { confirm, projectName } = context;
  if (confirm === undefined) {
    const options = [...(volumes ? ['--volumes'] : []), ...(history ? ['--history'] : [])].join(' ');
    const what = [...(volumes ? ['volumes'] : []), ...(history ? ['the history'] : [])].join(' and ');
    throw new LobbieError('USAGE', `Removing ${what} cannot be undone, and there is no terminal to ask at.`, {
      hint: `To confirm: lobbie down ${options} --yes`,
    });
  }
  try {
    const losses = [
      ...(volumes
        ? [volumeWords((await ownVolumes(context.engine, projectName)).filter((name) => !external.includes(name)))]
        : []),
      ...(history ? [await historyWords(context, found)] : []),
    ];
    return await confirm(`Project ${projectName}: delete ${losses.join(', and ')}? This cannot be undone.`);
  } finally {
    // A project that is not deployed has no keeper. This one was made to read the ledger.
    const state = found?.ledger.state;
    if (state?.current === null && state.running === null)
      await context.engine.removeContainer(keeperName(projectName), { force: true });
  }
}

function volumeWords(names: readonly string[]): string {
  if (names.length === 0) return 'its anonymous volumes (it has no named ones)';
  return `${names.length === 1 ? 'volume' : 'volumes'} ${names.join(', ')}, and anonymous ones, with all data`;
}

/** Names what would be lost: the directory and its number of entries. */
async function historyWords({ engine, projectName }: CommandContext, found: FoundLedger | undefined): Promise<string> {
  const record = 'the record of every container that has run';
  const directory = found?.ledger.state.history ?? null;
  if (directory === null) return record;
  const keeper = await ensureKeeper(engine, projectName, found?.keeper?.keeps ?? directory);
  // A rollout that was killed while moving the history leaves a keeper for the new directory.
  if (keeper.keeps !== directory) return `the history ${directory} and ${record}`;
  const { length } = await readHistory(engine, keeper);
  return `the history ${directory} (${length} ${length === 1 ? 'entry' : 'entries'}) and ${record}`;
}
