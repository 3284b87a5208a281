import { resolve } from 'node:path';
import { findLedger } from '../ledger/find-ledger.ts';
import type { ComposeSource } from './compose-source.ts';
import type { CommandContext } from './context.ts';
import { defaultHistory } from './default-history.ts';
import { DEMO_PROJECT } from './demo-source.ts';
import { findProjectName, noComposeFile } from './load-project.ts';

/**
 * The project that a command means which takes what is deployed: that of `-p`, else of the Compose files; where there
 * are none, the demo if it was deployed from here.
 *
 * @throws LobbieError `INVALID_INPUT` when nothing says it
 */
export async function findProject(source: ComposeSource, context: CommandContext): Promise<string> {
  if (source.projectName !== undefined) return source.projectName;
  const named = await findProjectName(source);
  if (named !== undefined) return named;
  const { ledger } = await findLedger(context.engine, DEMO_PROJECT);
  const demo = defaultHistory({ ...context, projectName: DEMO_PROJECT });
  if (ledger.state.history !== null && resolve(ledger.state.history) === demo) return DEMO_PROJECT;
  throw noComposeFile(
    source.cwd,
    "Change to your project's directory, or name the project: -p <name>\nTo see lobbie at work without one: lobbie deploy --demo",
  );
}
