import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fc } from '../../../../../scripts/seeded-fast-check.ts';
import { checkFile } from '../../../src/compose/schema/check-file.ts';
import { describeService } from '../../../src/compose/schema/describe-keys.ts';
import { fileLines, problemLines } from './problem-lines.ts';

const check = (yaml: string): string[] => fileLines(checkFile(parse(yaml, { merge: true })));
/** Problems of one service, without the path to it. */
const checkService = (yaml: string): string[] =>
  fileLines(checkFile({ services: { api: parse(yaml) } })).map((line) => line.replace(/^services\.api\.?/, ''));

const QUOTES = (value: string) => `[Put it in quotes: "${value}".]`;
const NOTHING = '[Set a value, or remove the key.]';

describe('a Compose file', () => {
  it.each<[what: string, yaml: string, problems: string[]]>([
    ['a list at the top', '- a', [': expected a map, got a list [The keys of a map do not begin with "- ".]']],
    ['text at the top', 'a', [': expected a map, got text']],
    ['nothing at the top', '', [`: expected a map, got nothing ${NOTHING}`]],
    ['services without one', 'services:', [`services: expected a map of services, got nothing ${NOTHING}`]],
    ['a misspelt key at the top', 'servces: {}', ['servces: unknown key; did you mean "services"?']],
    ['a service at the top', 'api: {image: a}', ['api: unknown key; a service belongs under "services"']],
    ['an unknown key', 'zzz: 1', ['zzz: unknown key [Begin your own keys with "x-".]']],
    [
      'an unknown key of a network',
      'networks: {n: {drivr: bridge}}',
      ['networks.n.drivr: unknown key; did you mean "driver"?'],
    ],
    [
      'an unknown key of a volume',
      'volumes: {v: {size: 1g}}',
      ['volumes.v.size: unknown key [Begin your own keys with "x-".]'],
    ],
    ['a secret that is text', 'secrets: {s: ./s}', ['secrets.s: expected a map, got text']],
    ['a config that is nothing', 'configs: {c: }', [`configs.c: expected a map, got nothing ${NOTHING}`]],
    ['a version that is a number', 'version: 3.8', [`version: expected text, got 3.8 ${QUOTES('3.8')}`]],
    ['a name that is a number', 'name: 1', [`name: expected text, got 1 ${QUOTES('1')}`]],
    [
      'a space in a name',
      'services: {"a b": {image: a}}',
      ['services.a b: expected a name of letters, digits, "_", "." and "-", got "a b"'],
    ],
    [
      'a variable in a name',
      'services: {"$NAME": {image: a}}',
      [
        'services.$NAME: expected a name of letters, digits, "_", "." and "-", got "$NAME" [Variables are replaced in values, not in keys.]',
      ],
    ],
    ['a history that is a list', 'x-lobbie: {history: [a]}', ['x-lobbie.history: expected text, got a list']],
    [
      'an unknown key of x-lobbie',
      'x-lobbie: {histroy: a}',
      ['x-lobbie.histroy: unknown key; did you mean "history"?'],
    ],
  ])('is refused with %s', (_, yaml, problems) => {
    expect(check(yaml)).toEqual(problems);
  });

  it('tells every problem at once', () => {
    expect(
      check(`
        services:
          api:
            image: 5
            environmnt: {}
            healthcheck: {interval: "5", tst: a}
          db:
            command: [postgres, -p, 5432]
        volumes: []`),
    ).toEqual([
      `services.api.image: expected text, got 5 ${QUOTES('5')}`,
      'services.api.healthcheck.interval: expected a duration such as "5s", got "5" [Add the unit: "5s".]',
      'services.api.healthcheck.tst: unknown key; did you mean "test"?',
      'services.api.environmnt: unknown key; did you mean "environment"?',
      `services.db.command[2]: expected text, got 5432 ${QUOTES('5432')}`,
      'volumes: expected a map of volumes, got a list [The keys of a map do not begin with "- ".]',
    ]);
  });

  it('tells problems where they are, in the order of the file', () => {
    const lines = new Map([
      ['services.b.image', 3],
      ['services.a.image', 7],
    ]);
    const { problems } = checkFile({ services: { a: { image: 1 }, b: { image: 2 } } }, (path) => {
      const line = lines.get(path);
      return line === undefined ? undefined : { file: '/p/compose.yaml', line, column: 12 };
    });
    expect(problems.map(({ path, file, line, column }) => [path, file, line, column])).toEqual([
      ['services.b.image', '/p/compose.yaml', 3, 12],
      ['services.a.image', '/p/compose.yaml', 7, 12],
    ]);
  });
});

describe('a service', () => {
  it.each<[what: string, yaml: string, problems: string[]]>([
    ['a misspelt key', 'evironment: {}', ['evironment: unknown key; did you mean "environment"?']],
    ['another way of writing a key', 'dependsOn: [a]', ['dependsOn: unknown key; did you mean "depends_on"?']],
    ['a key of deploy', 'replicas: 2', ['replicas: unknown key; it belongs under "deploy"']],
    ['a key of build', 'dockerfile: a', ['dockerfile: unknown key; it belongs under "build"']],
    ['an integer as command', 'command: 80', [`command: expected text or a list of text, got 80 ${QUOTES('80')}`]],
    ['an integer as user', 'user: 1000', [`user: expected text, got 1000 ${QUOTES('1000')}`]],
    ['a list of numbers as entrypoint', 'entrypoint: [1]', [`entrypoint[0]: expected text, got 1 ${QUOTES('1')}`]],
    [
      'an empty environment',
      'environment:',
      [`environment: expected a map or a list of "NAME=value", got nothing ${NOTHING}`],
    ],
    [
      'an environment that is text',
      'environment: PASSWORD=hunter2',
      ['environment: expected a map or a list of "NAME=value", got text'],
    ],
    ['a label without a name', 'labels: {"": a}', ['labels.: expected a name, got ""']],
    [
      'a map in the environment',
      'environment: {A: {B: C}}',
      ['environment.A: expected text, a number, true, false or nothing, got a map'],
    ],
    ['a map in a list of variables', 'environment: [A: hunter2]', ['environment[0]: expected text, got a map']],
    [
      'a number without a unit',
      'stop_grace_period: 30',
      ['stop_grace_period: expected a duration from 0s to 36500d, got 30 [Add the unit: "30s".]'],
    ],
    [
      'an unknown unit',
      'stop_grace_period: 5 sec',
      ['stop_grace_period: expected a duration such as "5s", got "5 sec"'],
    ],
    ['empty ports', 'ports:', [`ports: expected a list of ports, got nothing ${NOTHING}`]],
    [
      'ports that are text',
      'ports: "80:80"',
      ['ports: expected a list of ports, got text [Each item of a list begins with "- ".]'],
    ],
    [
      'a port that is a word',
      'ports: ["a:80"]',
      ['ports[0]: expected a port such as "8080:80", got "a:80": "a" is not a host port'],
    ],
    ['a port beyond the last', 'ports: [70000]', ['ports[0]: expected a port from 1 to 65535, got 70000']],
    [
      'a map in ports without a target',
      'ports: [{published: 80}]',
      ['ports[0].target: is missing: expected a port from 1 to 65535'],
    ],
    [
      'a protocol that is none',
      'ports: [{target: 80, protocol: icmp}]',
      ['ports[0].protocol: expected "tcp", "udp" or "sctp", got "icmp"'],
    ],
    [
      'an unknown key of a port',
      'ports: [{target: 80, publish: 80}]',
      ['ports[0].publish: unknown key; did you mean "published"?'],
    ],
    ['an exposed word', 'expose: [web]', ['expose[0]: expected a port such as 3000, got "web"']],
    [
      'a mount without its target',
      'volumes: ["ab:"]',
      ['volumes[0]: expected a mount "SOURCE:TARGET", got "ab:": it has an empty section between colons'],
    ],
    [
      'a mount of a kind that there is not',
      'volumes: [{type: disk, target: /a}]',
      ['volumes[0].type: expected "bind", "volume", "tmpfs", "image", "npipe" or "cluster", got "disk"'],
    ],
    ['a number as a mount', 'volumes: [5]', ['volumes[0]: expected "SOURCE:TARGET" or a map, got 5']],
    ['a device without a target', 'devices: [{source: /dev/a}]', ['devices[0].target: is missing: expected text']],
    [
      'a device with too much',
      'devices: [a:b:c:d]',
      ['devices[0]: expected a device "SOURCE:TARGET", got "a:b:c:d": it has too many colons'],
    ],
    [
      'a dependency without its condition',
      'depends_on: {db: {}}',
      [
        'depends_on.db.condition: is missing: expected "service_started", "service_healthy" or "service_completed_successfully"',
      ],
    ],
    [
      'a condition that is none',
      'depends_on: {db: {condition: healthy}}',
      [
        'depends_on.db.condition: expected "service_started", "service_healthy" or "service_completed_successfully", got "healthy"',
      ],
    ],
    ['one dependency twice', 'depends_on: [db, db]', ['depends_on[1]: repeats item 0: each item may appear only once']],
    ['one network twice', 'networks: [a, b, a]', ['networks[2]: repeats item 0: each item may appear only once']],
    [
      'a check that is no command',
      'healthcheck: {test: [curl, -f]}',
      ['healthcheck.test[0]: expected "CMD", "CMD-SHELL" or "NONE", got "curl"'],
    ],
    [
      'a restart that is none',
      'restart: sometimes',
      ['restart: expected "no", "always", "unless-stopped" or "on-failure[:N]", got "sometimes"'],
    ],
    [
      'a restart that is a boolean',
      'restart: false',
      ['restart: expected "no", "always", "unless-stopped" or "on-failure[:N]", got false'],
    ],
    [
      'a pull policy that is none',
      'pull_policy: sometimes',
      ['pull_policy: expected "always", "missing", "never" or "build", got "sometimes"'],
    ],
    [
      'a number of replicas below zero',
      'deploy: {replicas: -1}',
      ['deploy.replicas: expected a whole number from 0 to 500, got -1'],
    ],
    [
      'a failure action that is none',
      'deploy: {update_config: {failure_action: stop}}',
      ['deploy.update_config.failure_action: expected "rollback", "pause" or "continue", got "stop"'],
    ],
    [
      'an order that is none',
      'deploy: {update_config: {order: any}}',
      ['deploy.update_config.order: expected "start-first" or "stop-first", got "any"'],
    ],
    [
      'memory in deploy as a number',
      'deploy: {resources: {limits: {memory: 512}}}',
      ['deploy.resources.limits.memory: expected a size such as "512m", got 512'],
    ],
    ['a size that is none', 'mem_limit: 5 cows', ['mem_limit: expected a size such as "512m", got "5 cows"']],
    ['a flag that is none', 'privileged: maybe', ['privileged: expected true or false, got "maybe"']],
    [
      'an ulimit without its hard one',
      'ulimits: {nofile: {soft: 1}}',
      ['ulimits.nofile.hard: is missing: expected a whole number'],
    ],
    [
      'a score out of its range',
      'oom_score_adj: 2000',
      ['oom_score_adj: expected a whole number from -1000 to 1000, got 2000'],
    ],
    ['a host without an address', 'extra_hosts: [web]', ['extra_hosts[0]: expected "host=address", got "web"']],
    [
      'a container name with a space',
      'container_name: my app',
      ['container_name: expected a name of two or more letters, digits, "_", "." and "-", got "my app"'],
    ],
    ['an env_file without a path', 'env_file: [{required: false}]', ['env_file[0].path: is missing: expected text']],
    ['an unknown key of build', 'build: {contxt: .}', ['build.contxt: unknown key; did you mean "context"?']],
    [
      'a logging option that is a boolean',
      'logging: {options: {a: true}}',
      ['logging.options.a: expected text or a number, got true [Put it in quotes: "true".]'],
    ],
    [
      'replicas below zero',
      'x-lobbie: {replicas: -1}',
      ['x-lobbie.replicas: expected a whole number from 0 to 500, got -1'],
    ],
    [
      'a report that is no path',
      'x-lobbie: {report: file}',
      ['x-lobbie.report: expected a path that begins with "/", got "file"'],
    ],
    [
      'an unknown key of the ingress',
      'x-lobbie: {ingress: {drain: 5s}}',
      ['x-lobbie.ingress.drain: unknown key [Begin your own keys with "x-".]'],
    ],
    [
      'an ingress port that is none',
      'x-lobbie: {ingress: {ports: [0]}}',
      ['x-lobbie.ingress.ports[0]: expected a port from 1 to 65535, got 0'],
    ],
    [
      'a timeout without a unit',
      'x-lobbie: {ingress: {hold_timeout: 10}}',
      ['x-lobbie.ingress.hold_timeout: expected a duration from 1s to 24d, got 10 [Add the unit: "10s".]'],
    ],
  ])('is refused with %s', (_, yaml, problems) => {
    expect(checkService(yaml)).toEqual(problems);
  });

  const keys = describeService().flatMap((section) => section.keys);
  const mayBeEmpty = ['command', 'entrypoint', 'deploy', 'develop', 'pid', 'gpus', 'models'];

  it.each(keys.filter(({ name }) => !mayBeEmpty.includes(name)).map(({ name }) => name))(
    'is refused with nothing as %s',
    (name) => {
      const [line, ...more] = checkService(`${name}:`);
      expect(line).toMatch(new RegExp(`^${name}: expected .+, got nothing \\[Set a value, or remove the key\\.\\]$`));
      expect(more).toEqual([]);
    },
  );

  it.each(mayBeEmpty)('may say nothing as %s', (name) => {
    expect(checkService(`${name}:`)).toEqual([]);
  });
});

describe('hostile input', () => {
  it('has names that every object has', () => {
    const tree: unknown = JSON.parse(
      '{"services":{"__proto__":{"image":5},"constructor":{"image":"a","toString":1,"__proto__":2},"hasOwnProperty":{"image":"a","environment":{"__proto__":"a"}}}}',
    );
    expect(fileLines(checkFile(tree))).toEqual([
      `services.__proto__.image: expected text, got 5 ${QUOTES('5')}`,
      'services.constructor.toString: unknown key [Begin your own keys with "x-".]',
      'services.constructor.__proto__: unknown key [Begin your own keys with "x-".]',
    ]);
  });

  it('is answered, never thrown at', () => {
    const tree = fc.object({
      key: fc.constantFrom('services', 'api', 'ports', 'environment', '__proto__', 'deploy', 'x-lobbie'),
      maxDepth: 5,
    });
    fc.assert(fc.property(tree, (value) => Array.isArray(checkFile(value).problems)));
  });

  it('is answered with the first thousand of its problems', () => {
    const services = Object.fromEntries(
      Array.from({ length: 700 }, (_, index) => [`s${index}`, { image: 1, usr: 'a' }]),
    );
    const { problems } = checkFile({ services });
    expect(problems).toHaveLength(1001);
    expect(problemLines(problems.slice(-1))).toEqual([': there are more than 1000 problems']);
  });

  it('shows long text cut short', () => {
    expect(checkService(`restart: ${'a'.repeat(100_000)}`)[0]?.length).toBeLessThan(200);
  });
});
