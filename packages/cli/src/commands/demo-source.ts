import type { LedgerState } from '../model/release.ts';
import type { ComposeSource } from './compose-source.ts';
import type { CommandContext } from './context.ts';
import { defaultHistory } from './default-history.ts';

/** The default name of the demo's project. */
export const DEMO_PROJECT = 'lobbie';
const DEMO_REPLICAS = 2;

/**
 * The demo's Compose file as a command's source. The demo is lobbie's own API: each of its containers makes a file and
 * lists those of earlier containers. A demo that is already deployed keeps its history and its number of replicas, in
 * whichever directory the command runs.
 */
export function demoSource(
  { demoFile, cwd, env, homeDirectory }: ComposeSource,
  context: CommandContext,
  { current, history }: LedgerState,
): ComposeSource {
  const replicas = current?.project.services.find(({ name }) => name === 'api')?.replicas ?? DEMO_REPLICAS;
  return {
    demoFile,
    cwd,
    ...(homeDirectory !== undefined && { homeDirectory }),
    files: [demoFile],
    projectName: context.projectName,
    // The file only needs these variables. The settings already include those of the current directory.
    env: {
      PATH: env.PATH,
      LOBBIE_NODE_IMAGE: context.settings.nodeImage,
      LOBBIE_PORT: String(context.settings.port),
      LOBBIE_REPLICAS: String(replicas),
      LOBBIE_HISTORY: history ?? defaultHistory(context),
    },
  };
}
