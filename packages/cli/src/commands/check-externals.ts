import { problemAt } from '../compose/problem.ts';
import type { LoadedCompose } from '../compose/read/load-compose.ts';
import type { Project } from '../model/project.ts';
import { problemsError } from './compose-problems.ts';
import type { ComposeSource } from './compose-source.ts';
import type { CommandContext } from './context.ts';

/**
 * Looks for the networks and volumes that somebody else makes.
 *
 * @throws LobbieError `INVALID_INPUT` with all that are missing, each where the files describe it
 */
export async function checkExternals(
  { engine }: CommandContext,
  { networks, volumes }: Project,
  loaded: LoadedCompose,
  source: ComposeSource,
): Promise<void> {
  const wanted = [
    ...networks.map((network) => ({ ...network, kind: 'network', find: engine.inspectNetwork })),
    ...volumes.map((volume) => ({ ...volume, kind: 'volume', find: engine.inspectVolume })),
  ].filter(({ external }) => external);
  const found = await Promise.all(wanted.map(({ name, find }) => find(name)));
  const problems = wanted
    .filter((_, index) => found[index] === undefined)
    .map(({ kind, key, name }) =>
      problemAt(
        loaded.locate,
        `${kind}s.${key}`,
        `the external ${kind} ${name} is not there`,
        `Make it: docker ${kind} create ${name}`,
      ),
    );
  if (problems.length > 0) throw problemsError(problems, loaded, source);
}
