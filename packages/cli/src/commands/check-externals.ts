import { problemAt } from '../compose/problem.ts';
import type { LoadedCompose } from '../compose/read/load-compose.ts';
import type { Project } from '../model/project.ts';
import { makeCommand, missingExternals } from '../rollout/observe/missing-externals.ts';
import { present } from '../rollout/observe/own-networks-and-volumes.ts';
import { problemsError } from './compose-problems.ts';
import type { ComposeSource } from './compose-source.ts';
import type { CommandContext } from './context.ts';

/**
 * Checks that the external networks and volumes exist.
 *
 * @throws LobbieError `INVALID_INPUT` listing all that are missing, each with its place in the files
 */
export async function checkExternals(
  { engine }: CommandContext,
  project: Project,
  loaded: LoadedCompose,
  source: ComposeSource,
): Promise<void> {
  const [network, volume] = await Promise.all([
    present(project.networks.filter(isExternal), engine.inspectNetwork),
    present(project.volumes.filter(isExternal), engine.inspectVolume),
  ]);
  const there = { network, volume };
  const problems = missingExternals(project, (kind, name) => there[kind].has(name)).map((one) =>
    problemAt(
      loaded.locate,
      `${one.kind}s.${one.key}`,
      `the external ${one.kind} ${one.name} does not exist`,
      `Create it: ${makeCommand(one)}`,
    ),
  );
  if (problems.length > 0) throw problemsError(problems, loaded, source);
}

const isExternal = ({ external }: { readonly external: boolean }): boolean => external;
