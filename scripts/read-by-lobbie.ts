import { join } from 'node:path';
import { loadCompose } from '../packages/cli/src/compose/read/load-compose.ts';
import { renderComposeConfig } from '../packages/cli/src/compose/render/render-compose-config.ts';
import { FIXTURE_HOME, type FixtureOptions, type Reading } from './compose-fixture.ts';

/** Reads a directory's Compose files with lobbie, in the form of {@link readByReference}. */
export async function readByLobbie(directory: string, options: FixtureOptions): Promise<Reading> {
  const { files, profiles, envFiles, projectName } = options;
  const { config, problems, blockers } = await loadCompose({
    cwd: join(directory, options.cwd ?? '.'),
    env: { PATH: process.env.PATH, HOME: FIXTURE_HOME, ...options.env },
    ...(files ? { files } : {}),
    ...(profiles ? { profiles } : {}),
    ...(envFiles ? { envFiles } : {}),
    ...(projectName === undefined ? {} : { projectName }),
  });
  if (problems.length > 0) {
    return { error: problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n') };
  }
  return { project: JSON.parse(renderComposeConfig(config, 'json')), blockers: blockers.map(({ path }) => path) };
}
