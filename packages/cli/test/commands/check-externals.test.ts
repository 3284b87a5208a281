import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context.ts';
import { deploy } from '../../src/commands/deploy.ts';
import type { LobbieError } from '../../src/model/errors.ts';
import { createSecretMask } from '../../src/model/secret-mask.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';

const FILE = `
services:
  api:
    image: x
    networks: [proxy, there]
    volumes: ["data:/data"]
networks:
  proxy: {external: true, name: edge}
  there: {external: true}
volumes:
  data:
    external: true
`;

it('tells all networks and volumes that somebody else should have made, each where it is described', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'lobbie-'));
  await writeFile(join(directory.path, 'compose.yaml'), FILE);
  const engine = scriptedEngine();
  await engine.createNetwork({ name: 'there', labels: {} });
  // As far as it is asked for.
  const secrets = createSecretMask();
  const context = { engine, secrets, cwd: directory.path, projectName: 'p' } as unknown as CommandContext;
  const agreed = { takeOver: false, moveHistory: false };
  const options = { services: [], demo: false, scale: new Map(), dryRun: true, removeOrphans: false, agreed };
  const source = { cwd: directory.path, env: {}, demoFile: '' };
  const error: LobbieError = await deploy(source, async () => context, options).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'INVALID_INPUT', message: 'compose.yaml has 2 problems.' });
  expect(error.details).toEqual([
    'compose.yaml:8:3 networks.proxy: the external network edge does not exist',
    '  Create it: docker network create edge',
    'compose.yaml:11:3 volumes.data: the external volume data does not exist',
    '  Create it: docker volume create data',
  ]);
});
