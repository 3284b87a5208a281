import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, run } from './run-node.mjs';

const COMPOSE = `
services:
  api:
    build: ./api
    env_file: api/api.env
    secrets: [key]
    volumes: [./api:/src, data:/data]
secrets: { key: { file: ./key } }
volumes: { data: }
`;

/**
 * Runs the `lobbie` on the PATH without needing an engine, as on hosted macOS or Windows: its version, its help, and
 * `config` for a project with paths of this machine.
 */
await main(async () => {
  const temporary = realpathSync.native(mkdtempSync(join(tmpdir(), 'lobbie-package-')));
  const directory = join(temporary, 'shop');
  try {
    mkdirSync(join(directory, 'api'), { recursive: true });
    writeFileSync(join(directory, 'compose.yaml'), COMPOSE);
    writeFileSync(join(directory, 'api', 'Dockerfile'), 'FROM scratch\n');
    writeFileSync(join(directory, 'api', 'api.env'), 'GREETING=hello\r\n');
    writeFileSync(join(directory, 'key'), 'not secret\n');
    assert.match(await lobbie(directory, '--version'), /^\d+\.\d+\.\d+/);
    assert.match(await lobbie(directory, '--help'), /Usage: lobbie \[options\] \[command\]/);
    assert.equal(await lobbie(directory, 'config', '--services'), 'api');
    checkConfig(JSON.parse(await lobbie(directory, 'config', '--format', 'json')), directory);
    assert.equal(await lobbie(tmpdir(), 'config', '--file', join(directory, 'compose.yaml'), '--volumes'), 'data');
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  process.stdout.write('The package works here.\n');
  return 0;
});

function checkConfig({ name, services, secrets }, directory) {
  const { api } = services;
  assert.equal(name, 'shop');
  assert.equal(api.build.context, join(directory, 'api'));
  assert.equal(api.environment.GREETING, 'hello');
  assert.deepEqual(
    api.volumes.map(({ type, source }) => [type, source]),
    [
      ['bind', join(directory, 'api')],
      ['volume', 'data'],
    ],
  );
  assert.equal(secrets.key.file, join(directory, 'key'));
}

/** The output of one command. */
async function lobbie(cwd, ...argv) {
  const { status, output } = await run('lobbie', argv, { cwd, env: process.env });
  assert.equal(status, 0, `lobbie ${argv.join(' ')} ended with ${status}:\n${output}`);
  return output.trim();
}
