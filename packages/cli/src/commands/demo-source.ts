import type { LedgerState } from '../model/release.ts';
import type { ComposeSource } from './compose-source.ts';
import type { CommandContext } from './context.ts';
import { defaultHistory } from './default-history.ts';

/** The name of the demo's project unless `-p` says another. */
export const DEMO_PROJECT = 'lobbie';
const DEMO_REPLICAS = 2;

/**
 * The demo's Compose file as the source of a command: lobbie's own API, each of whose containers makes a file and
 * remembers those before it. What is deployed keeps its history and its number of replicas, wherever the command is typed.
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
    // A file of no variables: those of the current directory are settings already.
    env: {
      PATH: env.PATH,
      LOBBIE_NODE_IMAGE: context.settings.nodeImage,
      LOBBIE_PORT: String(context.settings.port),
      LOBBIE_REPLICAS: String(replicas),
      LOBBIE_HISTORY: history ?? defaultHistory(context),
    },
  };
}
