import { resolve } from 'node:path';
import { findLedger } from '../ledger/find-ledger.ts';
import type { ComposeSource } from './compose-source.ts';
import type { CommandContext } from './context.ts';
import { defaultHistory } from './default-history.ts';
import { DEMO_PROJECT } from './demo-source.ts';
import { noComposeFile, readProjectName } from './load-project.ts';

/**
 * The project that a command means which takes what is deployed: that of `-p`, else of the Compose files. Undefined
 * where there are none.
 *
 * @throws LobbieError `INVALID_INPUT` when the files are too broken to say
 */
export const findProjectName = async (source: ComposeSource): Promise<string | undefined> =>
  source.projectName ?? (await readProjectName(source));

/**
 * The demo, where it was deployed from the current directory: its history lies there.
 *
 * @throws LobbieError `INVALID_INPUT` when it was not: then nothing says which project is meant
 */
export async function demoFromHere(source: ComposeSource, context: CommandContext): Promise<string> {
  const { ledger } = await findLedger(context.engine, DEMO_PROJECT);
  const here = defaultHistory({ ...context, projectName: DEMO_PROJECT });
  if (ledger.state.history !== null && resolve(ledger.state.history) === here) return DEMO_PROJECT;
  throw noComposeFile(
    source.cwd,
    "Change to your project's directory, or name the project: -p <name>\nTo see lobbie at work without one: lobbie deploy --demo",
  );
}
