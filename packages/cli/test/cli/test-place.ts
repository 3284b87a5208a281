import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import { removeImagesOf } from '../run/remove-images.ts';
import { runName } from '../run/run-name.ts';
import { type Run, type Running, type RunOptions, runLobbie, startLobbie } from './run-lobbie.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A project and a directory to type commands in. The project is taken down, and the directory removed, afterwards. */
export interface TestPlace extends AsyncDisposable {
  readonly project: string;
  readonly path: string;
  /** Runs a command on the project. */
  lobbie(command: string, env?: RunOptions['env']): Promise<Run>;
  start(command: string, env?: RunOptions['env']): Running;
  /** Names of the project's containers with a role, sorted. */
  containers(role: string): Promise<string[]>;
}

export function testPlace(engine: Engine): TestPlace {
  const project = runName();
  const home = temporaryDirectory();
  const path = join(home.path, 'here');
  mkdirSync(path);
  const argv = (command: string) => [...command.split(' '), '-p', project];
  const options = (env: RunOptions['env'] = {}) => ({ cwd: path, env });
  const lobbie = (command: string, env?: RunOptions['env']) => runLobbie(argv(command), options(env));
  return {
    project,
    path,
    lobbie,
    start: (command, env) => startLobbie(argv(command), options(env)),
    containers: async (role) =>
      (await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: role }))
        .map(({ name }) => name)
        .toSorted(),
    async [Symbol.asyncDispose]() {
      await lobbie('down --volumes --history --yes');
      for (const { id } of await engine.listContainers({ [LABEL.project]: project }))
        await engine.removeContainer(id, { force: true });
      await removeImagesOf(engine, project);
      home[Symbol.dispose]();
    },
  };
}

/** What differs from run to run, replaced by what it is: so that whole screens can be compared. */
export const withoutIds = (text: string, { project, path }: Pick<TestPlace, 'project' | 'path'>): string =>
  text
    .replaceAll(path, '<here>')
    .replaceAll(/include-me-\w+\.txt/g, '<file>')
    .replaceAll(new RegExp(`(${project}-[\\w-]+?)-(?!keeper)[0-9a-z]{6}(?![\\w-])`, 'g'), '$1-<release>')
    .replaceAll(project, '<project>')
    .replaceAll(/\b[0-9a-f]{12}\b/g, '<id>')
    .replaceAll(/\b\d+\.\d s\b/g, '<n> s');
