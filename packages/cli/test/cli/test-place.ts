import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
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
  const built = new Set<string>();
  const note = (run: Run): Run => {
    for (const [image] of (run.stdout + run.stderr).matchAll(new RegExp(`${project}-(?:api|web):[0-9a-f]{16}`, 'g')))
      built.add(image);
    return run;
  };
  const lobbie = async (command: string, env?: RunOptions['env']) => note(await runLobbie(argv(command), options(env)));
  return {
    project,
    path,
    lobbie,
    start(command, env) {
      const running = startLobbie(argv(command), options(env));
      return { ...running, ended: running.ended.then(note) };
    },
    containers: async (role) =>
      (await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: role }))
        .map(({ name }) => name)
        .toSorted(),
    async [Symbol.asyncDispose]() {
      for (const { image } of await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' }))
        built.add(image);
      await lobbie('down --volumes --history --yes');
      for (const { id } of await engine.listContainers({ [LABEL.project]: project }))
        await engine.removeContainer(id, { force: true });
      for (const image of built) await engine.removeImage(image).catch(() => undefined);
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
