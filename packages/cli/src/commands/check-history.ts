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
 * Follows the links on the way to the history, where the engine's directories are this machine's: they may lead to a
 * directory that no history can be kept in.
 *
 * @throws LobbieError `INVALID_INPUT` with the directory that they lead to
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
  const hint = 'Name a directory for the history alone, such as ./history.';
  throw problemsError([problemAt(loaded.locate, 'x-lobbie.history', message, hint)], loaded, source);
}

/** Without links, as far as it is there. */
async function realPath(path: string): Promise<string> {
  const above = posix.dirname(path);
  return realpath(path).catch(async () =>
    above === path ? path : posix.join(await realPath(above), posix.basename(path)),
  );
}
