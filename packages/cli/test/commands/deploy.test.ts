import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deploy } from '../../src/commands/deploy.ts';
import type { LobbieError } from '../../src/model/errors.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject, aService } from '../rollout/a-service.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const FILE = `
services:
  api:
    image: x
    ports: ["8080:80"]
    restrat: always
    secrets: [key]
  web:
    image: y
    ports: ["8080:80"]
    healthcheck: {test: x, interval: "5"}
    volumes: [{type: bind, source: ., target: /data, bnd: 1}]
secrets:
  key: {file: ./nope}
x-lobbie: {history: ./history}
`;

const options = {
  services: [],
  demo: false,
  scale: new Map(),
  dryRun: false,
  removeOrphans: false,
  agreed: { takeOver: false, moveHistory: false },
};
const open = () => expect.unreachable('an engine was asked');

it('tells every problem at once, of the text and of what it leads to, before an engine is asked', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'lobbie-'));
  await writeFile(join(directory.path, 'compose.yaml'), FILE);
  const source = { cwd: directory.path, env: {}, demoFile: '' };
  const error: LobbieError = await deploy(source, open, options).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'INVALID_INPUT', message: 'compose.yaml has 5 problems.' });
  expect(error.details.filter((line) => !line.startsWith(' '))).toEqual([
    'compose.yaml:6:5 services.api.restrat: unknown key; did you mean "restart"?',
    'compose.yaml:10:13 services.web.ports[0]: port 8080/tcp is published by api too',
    'compose.yaml:11:28 services.web.healthcheck.interval: expected a duration such as "5s", got "5"',
    'compose.yaml:12:54 services.web.volumes[0].bnd: unknown key; did you mean "bind"?',
    `compose.yaml:14:9 secrets.key.file: ${join(directory.path, 'nope')} does not exist`,
  ]);
});

describe('without a service to deploy', () => {
  const PROFILES = 'services: { a: { image: x, profiles: [debug, all] }, b: { image: y, profiles: [all] } }';

  it.each([
    ['services: {}', /^compose\.yaml has no service to deploy\.$/, /^Add one .+lobbie deploy --remove-orphans$/],
    [
      PROFILES,
      /: every service is in a profile that is not active\.$/,
      /^Its profiles: all, debug\. .+ --profile all$/,
    ],
  ])('says so of "%s", before an engine is asked', async (text, message, hint) => {
    await using directory = await mkdtempDisposable(join(tmpdir(), 'lobbie-'));
    await writeFile(join(directory.path, 'compose.yaml'), text);
    const source = { cwd: directory.path, env: {}, demoFile: '' };
    const error: LobbieError = await deploy(source, open, options).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(message) });
    expect(error.hint).toMatch(hint);
  });

  it('removes the last one that was deployed when told to, and leaves nothing behind where none was', async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), 'lobbie-'));
    await writeFile(join(directory.path, 'compose.yaml'), 'services: {}');
    const source = { cwd: directory.path, env: {}, projectName: 'p', demoFile: '' };
    const engine = scriptedEngine();
    const context = commandContext(engine);
    const remove = () => deploy(source, async () => context, { ...options, removeOrphans: true });
    await expect(remove()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(engine.containers()).toEqual([]);

    const project = aProject([aService('api')]);
    await rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
    expect(engine.look().replicas).toHaveLength(1);
    expect(await remove()).toMatchObject({ outcome: 'deployed' });
    expect(engine.look().replicas).toEqual([]);
  });
});
