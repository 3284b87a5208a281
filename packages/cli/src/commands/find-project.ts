import { resolve } from 'node:path';
import type { ComposeSource } from './compose-source.ts';
import type { CommandContext } from './context.ts';
import { defaultHistory } from './default-history.ts';
import { DEMO_PROJECT } from './demo-source.ts';
import { noComposeFile, readProjectName } from './load-project.ts';
import { readLedger } from './read-ledger.ts';

/**
 * The project of a command that uses what is deployed: the one that `-p` names, else the one of the Compose files.
 * Undefined if there are no Compose files.
 *
 * @throws LobbieError `INVALID_INPUT` if the name cannot be read from the files
 */
export const findProjectName = async (source: ComposeSource): Promise<string | undefined> =>
  source.projectName ?? (await readProjectName(source));

/**
 * The demo, if it was deployed from the current directory.
 *
 * @throws LobbieError `INVALID_INPUT` if it was not: then it is not clear which project is meant
 */
export async function demoFromHere(source: ComposeSource, context: CommandContext): Promise<string> {
  const { ledger } = await readLedger({ ...context, projectName: DEMO_PROJECT });
  const here = defaultHistory({ ...context, projectName: DEMO_PROJECT });
  if (ledger.state.history !== null && resolve(ledger.state.history) === here) return DEMO_PROJECT;
  throw noComposeFile(
    source.cwd,
    "Change to your project's directory, or name the project: -p <name>\nTo try lobbie without one: lobbie deploy --demo",
  );
}
