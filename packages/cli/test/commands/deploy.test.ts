import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deploy } from '../../src/commands/deploy.ts';
import type { LobbieError } from '../../src/model/errors.ts';

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

it('tells every problem at once, of the text and of what it leads to, before an engine is asked', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'lobbie-'));
  await writeFile(join(directory.path, 'compose.yaml'), FILE);
  const source = { cwd: directory.path, env: {}, demoFile: '' };
  const open = () => expect.unreachable('an engine was asked');
  const options = { services: [], demo: false, scale: new Map(), dryRun: false, removeOrphans: false };
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
