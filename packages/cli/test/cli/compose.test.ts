import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastJson, runLobbie } from './run-lobbie.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const NO_ENGINE = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

describe('Compose files', () => {
  it('are printed as they are read, from a directory below too, without an engine', async () => {
    using home = temporaryDirectory();
    mkdirSync(join(home.path, 'below'));
    writeFileSync(join(home.path, '.env'), 'TAG=1.27\n');
    writeFileSync(
      join(home.path, 'compose.yaml'),
      'name: shop\nservices:\n  web: { image: "nginx:$TAG", depends_on: [zoo], volumes: ["data:/d"] }\n  zoo: { build: . }\nvolumes: { data: }\n',
    );
    const run = (...args: string[]) =>
      runLobbie(['config', ...args], { cwd: join(home.path, 'below'), env: NO_ENGINE });
    const whole = await run();
    expect(whole).toMatchObject({ exit: 0, stderr: '' });
    expect(whole.stdout).toContain('name: shop\nservices:\n  web:\n');
    expect(whole.stdout).toContain('    image: nginx:1.27\n');
    expect(JSON.parse((await run('--format', 'json')).stdout)).toMatchObject({ name: 'shop', services: { web: {} } });
    expect((await run('--services')).stdout).toBe('zoo\nweb\n');
    expect((await run('--volumes')).stdout).toBe('data\n');
    expect((await run('--images')).stdout).toBe('nginx:1.27\nshop-zoo\n');
    expect((await run('--hash', 'web')).stdout).toMatch(/^web [0-9a-f]{64}\n$/);
    expect((await run('--services', 'zoo')).stdout).toBe('zoo\n');
    expect(await run('-q')).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(lastJson(await run('--json', '--services'))).toEqual({ type: 'config', project: 'shop', text: 'zoo\nweb' });
  });

  it('with problems are refused before an engine is asked, with all of them', async () => {
    using home = temporaryDirectory();
    writeFileSync(
      join(home.path, 'compose.yaml'),
      'services:\n  web:\n    image: a:1\n    secrets: [s]\n    ports: ["53:53/udp"]\n    x-lobbie: { replicas: 2 }\n  old:\n    image: a:1\n    volumes_from: [web]\nsecrets: { s: { file: ./none } }\n',
    );
    const options = { cwd: home.path, env: NO_ENGINE };
    const run = await runLobbie(['deploy'], options);
    expect(run).toMatchObject({ exit: 3, stdout: '' });
    expect(run.stderr.replaceAll(home.path, '<here>')).toBe(
      `x compose.yaml has 3 problems.
  | compose.yaml:2:3 services.web: 2 replicas cannot both publish port 53/udp
  |   Run one replica.
  | compose.yaml:9:5 services.old.volumes_from: is part of the Compose Specification, but lobbie does not support it
  |   Use the same volume in \`volumes\` of both services.
  | compose.yaml:10:17 secrets.s.file: <here>/none does not exist
  -> Fix them, then check with: lobbie config
`,
    );
    const json = await runLobbie(['deploy', '--json'], options);
    expect(json.exit).toBe(3);
    expect(lastJson(json)).toMatchObject({ type: 'error', code: 'INVALID_INPUT', exit: 3 });
  });

  it('are asked for the services that a command names', async () => {
    using home = temporaryDirectory();
    writeFileSync(join(home.path, 'compose.yaml'), 'services: { web: { image: "a:1" }, db: { image: "b:1" } }\n');
    for (const args of [
      ['deploy', 'nope'],
      ['deploy', '--scale', 'nope=2'],
      ['config', 'nope'],
      ['config', '--hash', 'nope'],
    ]) {
      const run = await runLobbie(args, { cwd: home.path, env: NO_ENGINE });
      expect(run.exit).toBe(2);
      expect(run.stderr).toMatch(/has no service "nope"\.\n {2}-> Its services: db, web\.\n$/);
    }
    const several = await runLobbie(['deploy', '--replicas', '2'], { cwd: home.path, env: NO_ENGINE });
    expect(several).toMatchObject({ exit: 2, stderr: expect.stringContaining('Name the service: --scale db=2') });
  });
});
