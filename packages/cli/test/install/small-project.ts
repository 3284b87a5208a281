import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import { temporaryDirectory } from '../cli/temporary-directory.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';

const SERVER = "require('node:http').createServer((_, answer) => answer.end('hello')).listen(3000)";

/** A directory with the Compose file of one small service, that answers "hello"; it is taken down afterwards. */
export function smallProject(engine: Engine): AsyncDisposable & { readonly path: string; readonly project: string } {
  const project = `t-${randomBytes(4).toString('hex')}`;
  const home = temporaryDirectory();
  const path = join(home.path, 'here');
  mkdirSync(path);
  const service = { image: NODE_IMAGE, init: true, command: ['node', '-e', SERVER], ports: ['3000'] };
  writeFileSync(join(path, 'compose.yaml'), JSON.stringify({ name: project, services: { web: service } }));
  return {
    path,
    project,
    async [Symbol.asyncDispose]() {
      for (const { id } of await engine.listContainers({ [LABEL.project]: project }))
        await engine.removeContainer(id, { force: true });
      for (const { name } of await engine.listVolumes({ [LABEL.project]: project })) await engine.removeVolume(name);
      await engine.removeNetwork(`${project}_default`);
      home[Symbol.dispose]();
    },
  };
}
