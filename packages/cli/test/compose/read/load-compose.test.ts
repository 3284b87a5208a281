// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose files, not of this program
import { describe, expect, it } from 'vitest';
import { loadFrom, problemLines, serviceOf } from '../load-from.ts';

describe('precedence of variables', () => {
  it('prefers a variable of the shell to one in .env', async () => {
    const files = { '/app/compose.yaml': 'services: {a: {image: "$A-$B"}}', '/app/shared.env': 'A=file\nB=file' };
    const { config } = await loadFrom(files, { env: { A: 'shell' }, envFiles: ['shared.env'] });
    expect(config.services.a?.image).toBe('shell-file');
  });

  it('does not use variables of a service’s env_file in the file', async () => {
    const files = { '/app/compose.yaml': 'services: {a: {image: "x$A", env_file: a.env}}', '/app/a.env': 'A=1' };
    const { config, warnings } = await loadFrom(files);
    expect(config.services.a?.image).toBe('x');
    expect(config.services.a?.environment).toEqual({ A: '1' });
    expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toContain(
      'services.a.image: the variable A is not set: using an empty string',
    );
  });

  it('lets a bare name without a value remove a variable of env_file', async () => {
    const files = {
      '/app/compose.yaml': 'services: {a: {image: x, env_file: a.env, environment: [A, B]}}',
      '/app/a.env': 'A=1\nB=1\nC=1',
    };
    const { config } = await loadFrom(files, { env: { B: 'shell' } });
    expect(config.services.a?.environment).toEqual({ A: null, B: 'shell', C: '1' });
  });

  it('replaces variables in env_file: the shell’s first, then those of earlier lines', async () => {
    const files = {
      '/app/compose.yaml': 'services: {a: {image: x, env_file: a.env}}',
      '/app/a.env': "A=1\nB=$A-$S\nS=own\nC=$S\nD='$A'",
    };
    const { config } = await loadFrom(files, { env: { S: 'shell' } });
    expect(config.services.a?.environment).toEqual({ A: '1', B: '1-shell', S: 'own', C: 'shell', D: '$A' });
  });
});

describe('external volumes', () => {
  it('are named even if no service uses them or the file has problems', async () => {
    const volumes = 'a: {external: true}, b: {external: true, name: own}, c: {external: {name: old}}, d: {}, e: null';
    const services = 'x: {image: x, volumes: ["a:/a"]}, off: {image: x, profiles: [off], volumes: ["b:/b"]}, bad: {}';
    const files = { '/app/compose.yaml': `services: {${services}}\nvolumes: {${volumes}}` };
    expect((await loadFrom(files)).externalVolumes).toEqual(['a', 'own', 'old']);
  });
});

describe('YAML as Docker Compose reads it', () => {
  it.each([
    ['no', 'no'],
    ['on', 'on'],
    ['y', 'y'],
    ['True', 'true'],
    ['0755', '493'],
    ['0o17', '15'],
    ['0x1F', '31'],
    ['08', '8'],
    ['1_000', '1000'],
    ['1.10', '1.1'],
    ['1e-7', '1e-07'],
    ['1e6', '1e+06'],
    ['12345678901234567890', '12345678901234567890'],
    ['12:30:45', '12:30:45'],
    ['!!str 5', '5'],
    ['!!int "5"', '5'],
    ['~', null],
  ])('reads the value %s as %j', async (written, meant) => {
    const { environment } = await serviceOf(`environment: {A: ${written}}`);
    expect(environment).toEqual({ A: meant });
  });

  it('keeps restart: no and restart: "no" the same text', async () => {
    expect((await serviceOf('restart: no')).restart).toBe('no');
  });

  it('applies merge keys: its own keys win, then those of earlier sources', async () => {
    const { config } = await loadFrom(`
x-a: &a {user: a, tty: true}
x-b: &b {user: b, hostname: b}
services:
  a: {<<: [*a, *b], image: x}
  b: {<<: *b, user: own, image: x}
`);
    expect(config.services.a).toMatchObject({ user: 'a', tty: true, hostname: 'b' });
    expect(config.services.b).toMatchObject({ user: 'own', hostname: 'b' });
  });

  it('merges first, then replaces variables', async () => {
    const { config } = await loadFrom('x-a: &a {user: $U}\nservices: {a: {<<: *a, image: x}}', { env: { U: 'me' } });
    expect(config.services.a?.user).toBe('me');
  });

  it('reports every duplicate key with the line of the first one', async () => {
    const loaded = await loadFrom('services:\n  a:\n    image: x\n    image: y\n  a:\n    image: z\n');
    expect(problemLines(loaded)).toEqual([
      'compose.yaml:4:5 services.a.image: the key "image" is already on line 3',
      'compose.yaml:5:3 services.a: the key "a" is already on line 2',
    ]);
  });

  it('refuses keys that are not strings', async () => {
    expect(problemLines(await loadFrom('services: {a: {image: x, environment: {1: a}}}'))).toEqual([
      'compose.yaml:1:40 services.a.environment: the key 1 must be a string: put it in quotes',
    ]);
  });

  it('refuses dates, as Docker Compose does', async () => {
    const loaded = await loadFrom('services: {a: {image: x, environment: {A: 2024-01-01}}}');
    expect(problemLines(loaded)[0]).toContain('services.a.environment.A: the date 2024-01-01 is not a string');
  });
});

describe('several files', () => {
  it('merges them by the rules of each key', async () => {
    const files = {
      '/app/compose.yaml':
        'services: {a: {image: x, command: [a], environment: {A: "1", B: "1"}, ports: ["80:80"], volumes: ["./a:/v"], cap_add: [A]}}',
      '/app/over.yaml':
        'services: {a: {command: [b], environment: [B=2, C=2], ports: ["80:80", "81:81"], volumes: ["vol:/v"], cap_add: [A, B]}}\nvolumes: {vol: }',
    };
    const { config, problems } = await loadFrom(files, { files: ['compose.yaml', 'over.yaml'] });
    expect(problems).toEqual([]);
    expect(config.services.a).toMatchObject({
      command: ['b'],
      environment: { A: '1', B: '2', C: '2' },
      cap_add: ['A', 'B'],
    });
    expect(config.services.a?.ports?.map(({ published }) => published)).toEqual(['80', '81']);
    expect(config.services.a?.volumes?.map(({ type, source }) => [type, source])).toEqual([['volume', 'vol']]);
  });

  it('drops what !reset and !override mark', async () => {
    const files = {
      '/app/compose.yaml': 'services: {a: {image: x, ports: ["80:80"], dns: [1.1.1.1], user: me}}',
      '/app/over.yaml': 'services: {a: {ports: !reset [], dns: !override [9.9.9.9], user: !reset null}}',
    };
    const { config } = await loadFrom(files, { files: ['compose.yaml', 'over.yaml'] });
    expect(config.services.a).toMatchObject({ dns: ['9.9.9.9'] });
    expect(config.services.a).not.toHaveProperty('ports');
    expect(config.services.a).not.toHaveProperty('user');
  });

  it('resolves relative paths from the first file’s directory, and in an extended file from its own', async () => {
    const files = {
      '/app/sub/compose.yaml':
        'services: {a: {extends: {file: ../other/base.yaml, service: base}, image: x, volumes: ["./own:/own"]}}',
      '/app/over.yaml': 'services: {a: {volumes: ["./over:/over"]}}',
      '/app/other/base.yaml': 'services: {base: {volumes: ["./base:/base"], build: .}}',
    };
    const { config } = await loadFrom(files, { files: ['sub/compose.yaml', 'over.yaml'] });
    expect(config.services.a?.build?.context).toBe('/app/other');
    expect(config.services.a?.volumes?.map(({ source }) => source)).toEqual([
      '/app/other/base',
      '/app/sub/own',
      '/app/sub/over',
    ]);
  });

  it('names the file, the line and the path of a problem in the last file', async () => {
    const files = {
      '/app/compose.yaml': 'services:\n  a:\n    image: x\n    user: me\n',
      '/app/over.yaml': 'services:\n  a:\n    user: 5\n',
    };
    const loaded = await loadFrom(files, { files: ['compose.yaml', 'over.yaml'] });
    expect(problemLines(loaded)).toEqual([expect.stringMatching(/^over\.yaml:3:5 services\.a\.user: /)]);
  });

  it('points at a problem in an extended service', async () => {
    const files = {
      '/app/compose.yaml': 'services:\n  a:\n    extends: {file: base.yaml, service: base}\n',
      '/app/base.yaml': 'services:\n  base:\n    image: x\n    prots: []\n',
    };
    expect(problemLines(await loadFrom(files))).toEqual([
      expect.stringMatching(/^base\.yaml:4:5 services\.a\.prots: unknown key/),
    ]);
  });

  it('points at an item of a list in the file that has it, by its index there', async () => {
    const files = {
      '/app/compose.yaml': 'services:\n  a:\n    image: x\n    ports: ["80:80"]\n    env_file: [/app/a.env]',
      '/app/one.yaml': 'services:\n  a:\n    ports:\n      - "80:80"\n      - "y:1"\n      - "81:81"',
      '/app/two.yaml':
        'services:\n  a:\n    ports:\n      - "z:1"\n      - "82:82"\n    env_file:\n      - /app/b.env\n      - /app/a.env',
      '/app/a.env': '',
    };
    const loaded = await loadFrom(files, { files: ['compose.yaml', 'one.yaml', 'two.yaml'] });
    expect(problemLines(loaded).map((line) => line.split(': ')[0])).toEqual([
      'one.yaml:5:9 services.a.ports[1]',
      'two.yaml:4:9 services.a.ports[0]',
      'two.yaml:7:9 services.a.env_file[1]',
    ]);
  });

  it('points at an item of a list by the name that is wrong', async () => {
    const files = {
      '/app/compose.yaml': 'services:\n  a:\n    image: x\n    volumes: ["b:/b"]\nvolumes: {b: }',
      '/app/over.yaml':
        'services:\n  a:\n    volumes:\n      - /c:/c\n      - {type: volume, source: d, target: /d}\n    secrets:\n      - e',
    };
    const loaded = await loadFrom(files, { files: ['compose.yaml', 'over.yaml'] });
    expect(problemLines(loaded)).toEqual([
      'over.yaml:5:9 services.a.volumes: the volume "d" is not defined under "volumes"',
      'over.yaml:7:9 services.a.secrets: the secret "e" is not defined under "secrets"',
    ]);
  });

  it('reports services that extend each other', async () => {
    const loaded = await loadFrom('services: {a: {extends: b}, b: {extends: a}}');
    expect(problemLines(loaded)[0]).toMatch(/services\.[ab]\.extends: extends itself/);
  });
});

describe('the project’s name', () => {
  it.each([
    ['_My App.2 (x)', 'myapp2x'],
    ['Ünder_score-', 'nder_score-'],
  ])('makes of name: %s %s', async (name, normalised) => {
    const { config } = await loadFrom(`name: "${name}"\nservices: {a: {image: x}}`);
    expect(config.name).toBe(normalised);
    expect(config.networks?.default?.name).toBe(`${normalised}_default`);
  });

  it('refuses an invalid name given by hand', async () => {
    const loaded = await loadFrom('services: {a: {image: x}}', { projectName: 'My App' });
    expect(problemLines(loaded)[0]).toContain(
      'name: the project name "My App" from --project-name must have only lowercase letters',
    );
  });

  it('may be used in the file', async () => {
    const { config } = await loadFrom('services: {a: {image: "$COMPOSE_PROJECT_NAME/a"}}', { projectName: 'p' });
    expect(config.services.a?.image).toBe('p/a');
  });
});

describe('profiles', () => {
  const text =
    'services: {a: {image: x}, b: {image: x, profiles: [debug], depends_on: [a]}, c: {image: x, profiles: [other]}}';

  it.each<[string, object, string[]]>([
    ['none', {}, ['a']],
    ['--profile', { profiles: ['debug'] }, ['a', 'b']],
    ['COMPOSE_PROFILES', { env: { COMPOSE_PROFILES: 'debug, other' } }, ['a', 'b', 'c']],
    ['*', { profiles: ['*'] }, ['a', 'b', 'c']],
    ['a service named', { services: ['b'] }, ['a', 'b']],
  ])('activate services: %s', async (_, options, active) => {
    expect(Object.keys((await loadFrom(text, options)).config.services)).toEqual(active);
  });

  it('are reported as inactive', async () => {
    expect((await loadFrom(text)).inactive).toEqual(['b', 'c']);
  });

  it('leave out networks and volumes that no active service uses', async () => {
    const { config } = await loadFrom(
      'services: {a: {image: x}, b: {image: x, profiles: [p], volumes: ["v:/v"], networks: [n]}}\nvolumes: {v: , w: }\nnetworks: {n: }',
    );
    expect(config.volumes).toBeUndefined();
    expect(Object.keys(config.networks ?? {})).toEqual(['default']);
  });
});

describe('keys of a service', () => {
  it('splits a range of ports, except a host range for one port', async () => {
    const { ports } = await serviceOf('ports: ["8000-8001:80-81", "9000-9010:90", "127.0.0.1::53/udp", 99]');
    expect(ports?.map(({ host_ip, published, target, protocol }) => [host_ip, published, target, protocol])).toEqual([
      [undefined, '8000', 80, 'tcp'],
      [undefined, '8001', 81, 'tcp'],
      [undefined, '9000-9010', 90, 'tcp'],
      ['127.0.0.1', undefined, 53, 'udp'],
      [undefined, undefined, 99, 'tcp'],
    ]);
  });

  it('refuses ranges that have different lengths', async () => {
    expect((await loadFrom('services: {a: {image: x, ports: ["80-90:80-85"]}}')).problems).not.toEqual([]);
  });

  it.each([
    ['1m30s', '1m30s'],
    ['90s', '1m30s'],
    ['1d', '24h0m0s'],
    ['1.5s', '1.5s'],
    ['0', '0s'],
  ])('prints the duration %s as %s', async (written, printed) => {
    expect((await serviceOf(`stop_grace_period: "${written}"`)).stop_grace_period).toBe(printed);
  });

  it.each(['"30"', '30', '5x', '""'])('refuses the duration %s', async (written) => {
    expect((await loadFrom(`services: {a: {image: x, stop_grace_period: ${written}}}`)).problems).not.toEqual([]);
  });

  it.each([
    ['64m', '67108864'],
    ['"1 gb"', '1073741824'],
    ['1.5GiB', '1610612736'],
    ['1024', '1024'],
  ])('reads the size %s', async (written, bytes) => {
    expect((await serviceOf(`mem_limit: ${written}`)).mem_limit).toBe(bytes);
  });

  it('reads -1 as unlimited swap', async () => {
    expect((await serviceOf('memswap_limit: -1')).memswap_limit).toBe('-1');
  });

  it.each(['environment:', 'ports:', 'command: [1]', 'user: 5'])('refuses %s', async (line) => {
    expect((await loadFrom(`services:\n  a:\n    image: x\n    ${line}\n`)).problems).not.toEqual([]);
  });

  it('distinguishes an empty entrypoint or command from none', async () => {
    expect(await serviceOf('entrypoint: []\ncommand: []')).toMatchObject({ entrypoint: [], command: [] });
    expect(await serviceOf('')).toMatchObject({ entrypoint: null, command: null });
  });

  it('splits a command like a shell that cuts off at operators', async () => {
    expect((await serviceOf(`command: sh -c "a 'b' c" d\\ e 'f"g' && rest`)).command).toEqual([
      'sh',
      '-c',
      "a 'b' c",
      'd e',
      'f"g',
    ]);
  });

  it('derives dependencies from links, shared namespaces and volumes_from', async () => {
    const { config } = await loadFrom(
      'services: {a: {image: x, links: ["b:bb"], network_mode: "service:c", volumes_from: ["d:ro"]}, b: {image: x}, c: {image: x}, d: {image: x}}',
    );
    expect(config.services.a?.depends_on).toEqual({
      b: { condition: 'service_started', restart: true, required: true },
      c: { condition: 'service_started', restart: true, required: true },
      d: { condition: 'service_started', required: true },
    });
  });
});

describe('files that are not there', () => {
  it('reports a missing env_file only for active services', async () => {
    const loaded = await loadFrom(
      'services:\n  a: {image: x, env_file: no.env}\n  b: {image: x, env_file: [{path: no.env, required: false}]}\n  c: {image: x, env_file: no.env, profiles: [p]}\n',
    );
    expect(problemLines(loaded)).toEqual(['compose.yaml:2:17 services.a.env_file[0]: there is no file /app/no.env']);
  });

  it('says that there is no Compose file', async () => {
    const loaded = await loadFrom('', { cwd: '/proc/self/no', files: [] });
    expect(loaded.files).toEqual([]);
    expect(problemLines(loaded)[0]).toContain('there is no Compose file in /proc/self/no or above it');
  });

  it.each([
    ['EISDIR', 'is a directory'],
    ['EACCES', 'cannot be read by this user'],
    ['EIO', 'cannot be read (EIO)'],
  ])('says in words why a file cannot be read: %s', async (code, why) => {
    const readFile = async (path: string): Promise<string> => {
      if (path === '/app/compose.yaml') return 'services: { a: { image: x, env_file: a.env } }';
      throw Object.assign(new Error(`${code}: no words, open '${path}'`), { code });
    };
    const load = async (files: string[], envFiles: string[]) =>
      problemLines(await loadFrom('', { files, envFiles, readFile }));
    expect(await load(['other.yaml'], [])).toContain(` : /app/other.yaml ${why}`);
    expect(await load(['compose.yaml'], ['b.env'])).toEqual([
      ` : /app/b.env ${why}`,
      `compose.yaml:1:28 services.a.env_file[0]: /app/a.env ${why}`,
    ]);
  });

  it('reports nothing that only follows from a missing or unreadable file', async () => {
    const cwd = '/app/___';
    const missing = await loadFrom({ '/app/___/missing.yaml': '' }, { cwd, files: ['/app/___/nowhere.yaml'] });
    expect(problemLines(missing)).toEqual([' : there is no file /app/___/nowhere.yaml']);
    const broken = await loadFrom({ '/app/___/compose.yaml': 'name: [' }, { cwd });
    expect(problemLines(broken)).toEqual([expect.stringContaining('not valid YAML')]);
    const unnamed = await loadFrom(
      { '/app/___/compose.yaml': 'name: "${N:?say}"\nservices: {a: {image: x}}' },
      { cwd },
    );
    expect(problemLines(unnamed)).toEqual([expect.stringContaining('required variable N is missing a value: say')]);
    // If nothing is missing, it is a problem of its own.
    const whole = await loadFrom({ '/app/___/compose.yaml': 'services: {a: {image: x}}' }, { cwd });
    expect(problemLines(whole)).toEqual([expect.stringContaining('name: the project has no name')]);
  });

  it.each([
    ['services: nonsense', 'services: expected a map of services, got text'],
    ['services: {a: nonsense}', 'services.a: expected a map, got text'],
    ['services: {a: {healthcheck: 7}}', 'services.a.healthcheck: '],
  ])('tells once what is wrong by itself, and fits no file before it: %s', async (second, problem) => {
    const texts = { '/app/one.yaml': 'services: {a: {image: x, healthcheck: {test: x}}}', '/app/two.yaml': second };
    const { problems } = await loadFrom(texts, { files: Object.keys(texts) });
    expect(problemLines({ problems })).toEqual([expect.stringContaining(problem)]);
  });

  it('reports a missing file of -f', async () => {
    expect(problemLines(await loadFrom('', { files: ['other.yaml'] }))).toContain(
      ' : there is no file /app/other.yaml',
    );
  });
});

describe('what is wrong', () => {
  it('is reported all at once, in the order of the file', async () => {
    const loaded = await loadFrom(`services:
  web:
    prots: ["80:80"]
    image: x
    networks: [front]
    volumes: ["data:/data"]
    depends_on: [db, cache]
  db:
    image: y
    user: 5
    env_file: no.env
    depends_on: [web]
    network_mode: host
    networks: [back]
networks:
  back: { internal: maybe }
volumes:
  data: 5
`);
    expect(problemLines(loaded)).toEqual([
      'compose.yaml:3:5 services.web.prots: unknown key; did you mean "ports"?',
      'compose.yaml:5:16 services.web.networks: the network "front" is not defined under "networks"',
      'compose.yaml:7:22 services.web.depends_on.cache: there is no service "cache"',
      'compose.yaml:10:5 services.db.user: expected text, got 5',
      'compose.yaml:11:5 services.db.env_file[0]: there is no file /app/no.env',
      'compose.yaml:12:18 services.db.depends_on.web: services wait for each other: db → web → db',
      'compose.yaml:13:5 services.db.network_mode: "network_mode" and "networks" cannot be combined',
      'compose.yaml:16:11 networks.back.internal: expected true or false, got "maybe"',
      'compose.yaml:18:3 volumes.data: expected a map, got 5',
    ]);
  });

  it('is reported once, without problems that only follow from it', async () => {
    const loaded = await loadFrom(`services:
  a: { image: 5, depends_on: { b: { condition: soon } }, volumes: [7, "gone:/x"] }
  b: [c]
  d: { image: d, depends_on: [b], mem_limit: 1g, deploy: { resources: { limits: { memory: 5 } } } }
`);
    expect(loaded.problems.map(({ path }) => path)).toEqual([
      'services.a.image',
      'services.a.depends_on.b.condition',
      'services.a.volumes[0]',
      'services.b',
      'services.d.deploy.resources.limits.memory',
    ]);
  });

  it('is all that is reported if the file is not a project', async () => {
    expect(problemLines(await loadFrom('services: {a: {image: x, volumes: ["v:/v"]}}\nvolume: {v: }'))).toEqual([
      expect.stringMatching(/ volume: unknown key; did you mean "volumes"\?$/),
    ]);
  });

  it.each([
    ['container_name: "bad name!"', 'container_name'],
    ['restart: sometimes', 'restart'],
    ['stop_grace_period: -5s', 'stop_grace_period'],
    ['healthcheck: {test: x, retries: 1.5}', 'healthcheck.retries'],
    ['healthcheck: {test: x, interval: -1s}', 'healthcheck.interval'],
    ['expose: ["80:80"]', 'expose[0]'],
    ['deploy: {rollback_config: {failure_action: explode}}', 'deploy.rollback_config.failure_action'],
    ['ports: [{target: 80, protocol: icmp}]', 'ports[0].protocol'],
  ])('is read and not deployed: %s', async (line, path) => {
    const { problems, blockers } = await loadFrom(`services: {a: {image: x, ${line}}}`);
    expect(problems).toEqual([]);
    expect(blockers.map((blocker) => blocker.path)).toEqual([`services.a.${path}`]);
  });

  it('is nothing that a later file corrects', async () => {
    const files = {
      '/app/compose.yaml': 'services: {a: {image: x, restart: sometimes}}',
      '/app/over.yaml': 'services: {a: {restart: always}}',
    };
    expect((await loadFrom(files, { files: ['compose.yaml', 'over.yaml'] })).blockers).toEqual([]);
  });
});
