import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { lastJson, type Run, type RunOptions, runLobbie } from '../cli/run-lobbie.ts';
import { temporaryDirectory } from '../cli/temporary-directory.ts';
import { removeImagesOf } from '../run/remove-images.ts';
import { runName } from '../run/run-name.ts';
import { webUrl } from '../web-url.ts';

/** A copy of one of the projects beside this file, to deploy; taken down and removed afterwards. */
export interface ProjectPlace extends AsyncDisposable {
  readonly project: string;
  /** Directory with the Compose file. */
  readonly path: string;
  /** Everything that any command has said. */
  readonly told: readonly string[];
  lobbie(command: string, env?: RunOptions['env']): Promise<Run>;
  /** Runs `lobbie <command> --json` and gives its receipt, whatever the outcome. */
  receipt(command: string, env?: RunOptions['env']): Promise<Receipt & { exit: Run['exit'] }>;
  /** Id of the container that runs for a service now. */
  containerOf(service: string): Promise<string | undefined>;
}

export function projectPlace(
  engine: Engine,
  name: 'notes' | 'shop' | 'counter' | 'site',
  env: Readonly<Record<string, string>> = {},
): ProjectPlace {
  const project = runName(name);
  const home = temporaryDirectory();
  for (const directory of [name, 'postgres'])
    cpSync(join(import.meta.dirname, directory), join(home.path, directory), { recursive: true });
  const path = join(home.path, name);
  const told: string[] = [];
  const replicas = () => engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' });
  const lobbie = async (command: string, more: RunOptions['env'] = {}): Promise<Run> => {
    const run = await runLobbie([...command.split(' '), '-p', project], { cwd: path, env: { ...env, ...more } });
    told.push(run.stdout, run.stderr);
    return run;
  };
  return {
    project,
    path,
    told,
    lobbie,
    async receipt(command, more) {
      const run = await lobbie(`${command} --json`, more);
      // The cast: the last line of a rollout is its receipt, as the contract of `--json` says.
      return { ...(lastJson(run) as unknown as Receipt), exit: run.exit };
    },
    containerOf: async (service) =>
      (await replicas()).find(({ labels, state }) => labels[LABEL.service] === service && state === 'running')?.id,
    async [Symbol.asyncDispose]() {
      await lobbie('down --volumes --history --yes');
      for (const { id } of await engine.listContainers({ [LABEL.project]: project }))
        await engine.removeContainer(id, { force: true });
      await removeImagesOf(engine, project);
      home[Symbol.dispose]();
    },
  };
}

/** Where a port of a service is reached, of those that a receipt tells. */
export function urlOf({ url }: Pick<Receipt, 'url'>, scheme = 'http'): string {
  // Where nothing has shown yet what is spoken there, an address has no scheme.
  const found = url.find((one) => one.startsWith(`${scheme}://`)) ?? url.map(webUrl).find((one) => !url.includes(one));
  if (found === undefined) throw new Error(`No ${scheme} URL among ${url.join(', ')}.`);
  return found;
}

/** The body of an answer, which has to be a good one. */
export async function get(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.text()).trim();
}
