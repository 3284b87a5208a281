import { describe, expect, it } from 'vitest';
import { readProject, told } from './read-project.ts';

const yaml = (use: string, objects: string): string => `services: { web: { image: web:1, ${use} } }\n${objects}\n`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('configs and secrets', () => {
  it('are files in the container, from a file, the environment and the text itself', async () => {
    const { project, problems } = await readProject(
      yaml(
        'secrets: [token, key], configs: [routes]',
        `secrets: { token: { file: ./token.txt }, key: { environment: KEY } }
configs: { routes: { content: "a = $$b" } }`,
      ),
      { files: { '/srv/shop/token.txt': 'tok\n' }, env: { KEY: 'k1' } },
    );
    expect(problems).toEqual([]);
    expect(project.services[0]?.files).toEqual([
      { kind: 'config', name: 'routes', target: '/routes', content: base64('a = $b') },
      {
        kind: 'secret',
        name: 'token',
        target: '/run/secrets/token',
        content: base64('tok\n'),
        source: '/srv/shop/token.txt',
      },
      { kind: 'secret', name: 'key', target: '/run/secrets/key', content: base64('k1') },
    ]);
  });

  it('use variables that only an included file has, below those of the project', async () => {
    const { project, problems } = await readProject('include: [{ path: other.yaml, env_file: other.env }]', {
      files: {
        '/srv/shop/other.yaml': yaml(
          'secrets: [own, both], configs: [conf]',
          'secrets: { own: { environment: OWN }, both: { environment: BOTH } }\nconfigs: { conf: { environment: OWN } }',
        ),
        '/srv/shop/other.env': 'OWN=o1\nBOTH=not-taken',
      },
      env: { BOTH: 'b1' },
    });
    expect(problems).toEqual([]);
    expect(project.services[0]?.files.map(({ kind, name, content }) => [kind, name, content])).toEqual([
      ['config', 'conf', base64('o1')],
      ['secret', 'own', base64('o1')],
      ['secret', 'both', base64('b1')],
    ]);
  });

  it('have the path, owner and mode that the service sets', async () => {
    const { project } = await readProject(
      yaml(
        `secrets: [{ source: s, target: db, uid: "70", gid: "71", mode: "0400" }, { source: s, target: /etc/s }], configs: [{ source: c, target: etc/c, mode: 0640 }]`,
        'secrets: { s: { file: ./s } }\nconfigs: { c: { content: x } }',
      ),
      { files: { '/srv/shop/s': 's' } },
    );
    expect(project.services[0]?.files).toMatchObject([
      { target: '/etc/c', mode: 0o640 },
      { target: '/run/secrets/db', uid: 70, gid: 71, mode: 0o400 },
      { target: '/etc/s' },
    ]);
    expect(project.services[0]?.files[2]).not.toHaveProperty('mode');
  });

  it.each([
    ['secrets: [s]', 'secrets: { s: { file: ./none } }', 'secrets.s.file: /srv/shop/none does not exist'],
    ['secrets: [s]', 'secrets: { s: { environment: NONE } }', 'secrets.s.environment: the variable NONE is not set'],
    [
      'secrets: [s]',
      'secrets: { s: { environment: constructor } }',
      'secrets.s.environment: the variable constructor is not set',
    ],
    [
      'configs: [{ source: c, uid: postgres }]',
      'configs: { c: { content: x } }',
      'services.web.configs[0].uid: expected a number, got "postgres"',
    ],
  ])('that cannot be read are told by name: %s', async (use, objects, problem) => {
    expect(told((await readProject(yaml(use, objects))).problems)).toEqual([problem]);
  });

  it.each([
    [
      'volumes: ["./d:/data/"], configs: [{ source: c, target: /data }]',
      'services.web.configs: c has the target /data, but /data is a mount',
    ],
    [
      'tmpfs: [/data/], secrets: [{ source: s, target: /data }]',
      'services.web.secrets: s has the target /data, but /data is a mount',
    ],
    ['volumes: [/c/d], configs: [c]', 'services.web.configs: c has the target /c, but /c/d is a mount'],
    [
      'configs: [c], secrets: [{ source: s, target: /c }]',
      'services.web.secrets: s and config c have the same target /c',
    ],
  ])('have a path of their own: %s', async (use, problem) => {
    const { problems } = await readProject(
      yaml(use, 'configs: { c: { content: x } }\nsecrets: { s: { environment: S } }'),
      { env: { S: 'x' } },
    );
    expect(told(problems)).toEqual([problem]);
  });

  it('have a source only on the engine’s machine', async () => {
    const { project } = await readProject(yaml('configs: [c]', 'configs: { c: { file: ./c } }'), {
      files: { '/srv/shop/c': 'x' },
      local: false,
    });
    expect(project.services[0]?.files).toEqual([{ kind: 'config', name: 'c', target: '/c', content: base64('x') }]);
  });

  it('show no value in messages', async () => {
    const { problems, warnings } = await readProject(
      yaml('secrets: [{ source: s, uid: root }]', 'secrets: { s: { environment: S } }'),
      { env: { S: 'sentinel-value' } },
    );
    expect(problems).toHaveLength(1);
    expect(JSON.stringify([problems, warnings])).not.toContain('sentinel');
  });

  it('that are too large are refused, with the size', async () => {
    const files = { '/srv/shop/big': 'x'.repeat(2_000_000) };
    const { problems } = await readProject(yaml('configs: [c]', 'configs: { c: { file: ./big } }'), { files });
    expect(told(problems)).toEqual([
      'configs.c.file: /srv/shop/big has 2000000 bytes, but a config can have at most 1048576',
    ]);
  });
});
