import { realpath } from 'node:fs/promises';
import { posix } from 'node:path';
import { problemAt } from '../compose/problem.ts';
import type { LoadedCompose } from '../compose/read/load-compose.ts';
import { whyNoHistory } from '../model/history-path.ts';
import type { Project } from '../model/project.ts';
import { problemsError } from './compose-problems.ts';
import type { ComposeSource } from './compose-source.ts';
import type { CommandContext } from './context.ts';
import { resolved } from './deploy-origin.ts';

/**
 * If the engine runs on this machine, follows symbolic links on the path of the history: they may lead to a directory
 * that cannot hold a history.
 *
 * @throws LobbieError `INVALID_INPUT` naming the directory that the links lead to
 */
export async function checkHistory(
  { engine, homeDirectory }: Pick<CommandContext, 'engine' | 'homeDirectory'>,
  { history }: Pick<Project, 'history'>,
  loaded: LoadedCompose,
  source: ComposeSource,
): Promise<void> {
  if (history === undefined || !engine.endpoint.local) return;
  const real = await realPath(history.source);
  const [projectDirectory, home] = await Promise.all([resolved(loaded.directory), resolved(homeDirectory)]);
  const why = whyNoHistory(real, { projectDirectory, homeDirectory: home });
  if (why === undefined) return;
  const leads = real === history.source ? '' : `leads to ${real}, which `;
  const message = `${history.source} ${leads}${why}`;
  const hint = 'Use a directory for the history only, such as ./history.';
  throw problemsError([problemAt(loaded.locate, 'x-lobbie.history', message, hint)], loaded, source);
}

/** The path with links resolved, up to the last part that exists. */
async function realPath(path: string): Promise<string> {
  const above = posix.dirname(path);
  return realpath(path).catch(async () =>
    above === path ? path : posix.join(await realPath(above), posix.basename(path)),
  );
}
