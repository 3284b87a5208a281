import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkConfig } from '../../../src/compose/check/check-config.ts';
import type { ComposeConfig } from '../../../src/compose/compose-config.ts';
import { problemLines } from '../schema/problem-lines.ts';

/** A config in canonical form, as far as the rules read it; services have an image unless they set `image: ""`. */
function configOf(yaml: string): ComposeConfig {
  // The tests write the canonical form.
  const written = parse(yaml) as ComposeConfig;
  const services = Object.entries(written.services).map(
    ([name, service]) => [name, { image: 'a:1', ...service }] as const,
  );
  return { ...written, services: Object.fromEntries(services) };
}

const problems = (yaml: string, inactive: readonly string[] = []): string[] =>
  problemLines(checkConfig(configOf(yaml), { inactive }).problems);
const blockers = (yaml: string): string[] => problemLines(checkConfig(configOf(yaml)).blockers);
const warnings = (yaml: string): string[] => problemLines(checkConfig(configOf(yaml)).warnings);

type Table = readonly (readonly [what: string, yaml: string, lines: readonly string[]])[];

describe('a project is refused for', () => {
  it.each<Table[number]>([
    [
      'a service without an image',
      'services: {api: {image: ""}}',
      ['services.api: expected "image" or "build", got neither'],
    ],
    [
      'two Dockerfiles',
      'services: {api: {build: {dockerfile: D, dockerfile_inline: FROM a}}}',
      ['services.api.build: expected "dockerfile" or "dockerfile_inline", got both'],
    ],
    [
      'a platform that is not built',
      'services: {api: {platform: linux/arm64, build: {platforms: [linux/amd64]}}}',
      ['services.api.build.platforms: "linux/arm64", the platform of the service, is not among them'],
    ],
    [
      'network_mode with networks',
      'services: {api: {network_mode: host, networks: {a: }}}\nnetworks: {a: {}}',
      ['services.api.network_mode: "network_mode" and "networks" cannot be combined [Remove one of them.]'],
    ],
    [
      'an undefined network',
      'services: {api: {networks: {back: }}}\nnetworks: {backend: {}}',
      ['services.api.networks: the network "back" is not defined under "networks"'],
    ],
    [
      'a misspelt network',
      'services: {api: {networks: {bakend: }}}\nnetworks: {backend: {}}',
      ['services.api.networks: the network "bakend" is not defined under "networks" [Did you mean "backend"?]'],
    ],
    [
      'an undefined volume',
      'services: {api: {volumes: [{type: volume, source: data, target: /a}]}}',
      ['services.api.volumes: the volume "data" is not defined under "volumes"'],
    ],
    [
      'an undefined secret',
      'services: {api: {secrets: [{source: key}]}}',
      ['services.api.secrets: the secret "key" is not defined under "secrets"'],
    ],
    [
      'an undefined config',
      'services: {api: {configs: [{source: constructor}]}}',
      ['services.api.configs: the config "constructor" is not defined under "configs"'],
    ],
    [
      'an undefined dependency',
      'services: {api: {depends_on: {bd: {condition: service_started, required: true}}}, db: {}}',
      ['services.api.depends_on.bd: there is no service "bd"'],
    ],
    [
      'a misspelt dependency',
      'services: {api: {depends_on: {databse: {condition: service_started, required: true}}}, database: {}}',
      ['services.api.depends_on.databse: there is no service "databse" [Did you mean "database"?]'],
    ],
    [
      'an undefined dependency that is not required',
      'services: {api: {depends_on: {db: {condition: service_started, required: false}}}}',
      ['services.api.depends_on.db: there is no service "db"'],
    ],
    [
      'an undefined link',
      'services: {api: {links: ["db:database"], depends_on: {db: {condition: service_started, required: true}}}}',
      ['services.api.links: there is no service "db"'],
    ],
    [
      'the network of an undefined service',
      'services: {api: {network_mode: "service:vpn", depends_on: {vpn: {condition: service_started, required: true}}}}',
      ['services.api.network_mode: there is no service "vpn"'],
    ],
    [
      'health that is never checked',
      'services: {api: {depends_on: {db: {condition: service_healthy, required: true}}}, db: {healthcheck: {disable: true}}}',
      ['services.api.depends_on.db: "db" never becomes healthy: its healthcheck is disabled'],
    ],
    [
      'health that is checked by NONE',
      'services: {api: {depends_on: {db: {condition: service_healthy, required: true}}}, db: {healthcheck: {test: [NONE]}}}',
      ['services.api.depends_on.db: "db" never becomes healthy: its healthcheck is disabled'],
    ],
    [
      'two containers of one name',
      'services: {a: {container_name: x}, b: {container_name: x}}',
      ['services.b.container_name: the service "a" already has the name "x"'],
    ],
    [
      'a container name and deploy.replicas',
      'services: {a: {container_name: x, deploy: {replicas: 2}}}',
      [
        'services.a.container_name: "x" can be the name of one container only, and deploy.replicas is 2 [Remove container_name, or set x-lobbie.replicas instead: the ingress holds the name.]',
      ],
    ],
    [
      'a container name and scale',
      'services: {a: {container_name: x, scale: 3}}',
      [
        'services.a.container_name: "x" can be the name of one container only, and scale is 3 [Remove container_name, or set x-lobbie.replicas instead: the ingress holds the name.]',
      ],
    ],
    [
      'scale beside another deploy.replicas',
      'services: {a: {scale: 3, deploy: {replicas: 2}}}',
      ['services.a.scale: 3 differs from deploy.replicas, which is 2 [Set only deploy.replicas.]'],
    ],
    [
      'two limits of memory',
      'services: {a: {mem_limit: "1024", deploy: {resources: {limits: {memory: "2048"}}}}}',
      [
        'services.a.mem_limit: 1024 differs from deploy.resources.limits.memory, which is 2048 [Set only deploy.resources.limits.memory.]',
      ],
    ],
    [
      'limits that leave out the memory',
      'services: {a: {mem_limit: "1024", deploy: {resources: {limits: {cpus: 1}}}}}',
      [
        'services.a.mem_limit: 1024 differs from deploy.resources.limits.memory, which is not set [Set only deploy.resources.limits.memory.]',
      ],
    ],
    [
      'two reservations of memory',
      'services: {a: {mem_reservation: "1", deploy: {resources: {reservations: {memory: "2"}}}}}',
      [
        'services.a.mem_reservation: 1 differs from deploy.resources.reservations.memory, which is 2 [Set only deploy.resources.reservations.memory.]',
      ],
    ],
    [
      'two numbers of CPUs',
      'services: {a: {cpus: 0.5, deploy: {resources: {limits: {cpus: 1}}}}}',
      [
        'services.a.cpus: 0.5 differs from deploy.resources.limits.cpus, which is 1 [Set only deploy.resources.limits.cpus.]',
      ],
    ],
    [
      'two numbers of processes',
      'services: {a: {pids_limit: 5, deploy: {resources: {limits: {pids: 6}}}}}',
      [
        'services.a.pids_limit: 5 differs from deploy.resources.limits.pids, which is 6 [Set only deploy.resources.limits.pids.]',
      ],
    ],
    [
      'two volumes at one path',
      'services: {a: {volumes: [{type: bind, source: /x, target: /a}, {type: bind, source: /y, target: /a}]}}',
      ['services.a.volumes: /a is mounted twice'],
    ],
    [
      'a volume over a tmpfs',
      'services: {a: {tmpfs: ["/a:size=1m"], volumes: [{type: bind, source: /x, target: /a}]}}',
      ['services.a.volumes: /a is mounted twice'],
    ],
    [
      'a secret from nowhere',
      'services: {}\nsecrets: {a: {name: a}}',
      ['secrets.a: expected "file" or "environment", got none of them'],
    ],
    [
      'a secret from two places',
      'services: {}\nsecrets: {a: {file: /a, environment: A}}',
      ['secrets.a: expected only one of "file" or "environment", got "file" and "environment"'],
    ],
    [
      'a config from nowhere',
      'services: {}\nconfigs: {a: {name: a}}',
      ['configs.a: expected "file", "environment" or "content", got none of them'],
    ],
    [
      'a config from two places',
      'services: {}\nconfigs: {a: {file: /a, content: b}}',
      ['configs.a: expected only one of "file", "environment" or "content", got "file" and "content"'],
    ],
    [
      'an external volume with a driver',
      'services: {}\nvolumes: {a: {name: a, external: true, driver: local}}',
      ['volumes.a.driver: cannot be set for an external volume: lobbie does not create it'],
    ],
    [
      'a port at what is no address',
      'services: {a: {ports: [{target: 80, host_ip: localhost}]}}',
      ['services.a.ports: expected an IP address in host_ip, got "localhost"'],
    ],
    [
      'devices by number and by name',
      'services: {a: {deploy: {resources: {reservations: {devices: [{count: 1, device_ids: ["0"]}]}}}}}',
      ['services.a.deploy.resources.reservations.devices[0]: expected "count" or "device_ids", got both'],
    ],
  ])('%s', (_, yaml, lines) => {
    expect(problems(yaml)).toEqual(lines);
  });

  it('a required dependency whose profile is off, but not an optional one', () => {
    const yaml = (required: boolean) =>
      `services: {api: {depends_on: {debug: {condition: service_started, required: ${required}}}}}`;
    expect(problems(yaml(true), ['debug'])).toEqual([
      'services.api.depends_on.debug: the service "debug" is off: none of its profiles is enabled [Enable one of its profiles with `--profile`, or set `required: false`.]',
    ]);
    expect(problems(yaml(false), ['debug'])).toEqual([]);
  });

  it('all of its mistakes at once', () => {
    expect(
      problems('services: {api: {image: "", scale: 2, deploy: {replicas: 1}, networks: {a: }}}\nsecrets: {s: {}}'),
    ).toEqual([
      'services.api: expected "image" or "build", got neither',
      'services.api.networks: the network "a" is not defined under "networks"',
      'services.api.scale: 2 differs from deploy.replicas, which is 1 [Set only deploy.replicas.]',
      'secrets.s: expected "file" or "environment", got none of them',
    ]);
  });

  it('a hundred mistakes of one kind, and no more of them', () => {
    const names = Array.from({ length: 150 }, (_, index) => `v${index}`);
    const volumes = names.map((source) => `{type: volume, source: ${source}, target: /${source}}`);
    expect(problems(`services: {api: {volumes: [${volumes}], networks: {n: }}}`)).toHaveLength(100);
  });
});

describe('a project is not refused', () => {
  it.each<readonly [what: string, yaml: string]>([
    ['without services', 'services: {}'],
    ['for a build without an image', 'services: {api: {image: "", build: {context: /a, dockerfile: Dockerfile}}}'],
    ['for a platform that is built', 'services: {api: {platform: linux/amd64, build: {platforms: [linux/amd64]}}}'],
    ['for the network of the host', 'services: {api: {network_mode: host}}'],
    [
      'for what is described',
      'services: {api: {networks: {n: }, volumes: [{type: volume, source: v, target: /v}], secrets: [{source: s}], configs: [{source: c}]}}\nnetworks: {n: {}}\nvolumes: {v: {}}\nsecrets: {s: {file: /s}}\nconfigs: {c: {content: ""}}',
    ],
    [
      'for binds and anonymous volumes',
      'services: {api: {volumes: [{type: bind, source: /a, target: /a}, {type: volume, target: /b}]}}',
    ],
    [
      'for a dependency that is there',
      'services: {api: {depends_on: {db: {condition: service_healthy, required: true}}}, db: {healthcheck: {test: [CMD, a]}}}',
    ],
    [
      'for one container of a name',
      'services: {a: {container_name: x, scale: 1, deploy: {replicas: 1}}, b: {container_name: y, x-lobbie: {replicas: 2}}}',
    ],
    [
      'for limits that agree',
      'services: {a: {mem_limit: "8388608", cpus: 0.5, pids_limit: 5, mem_reservation: "6291456", deploy: {resources: {limits: {memory: "8388608", cpus: 0.5, pids: 5}, reservations: {memory: "6291456"}}}}}',
    ],
    [
      'for limits said once',
      'services: {a: {mem_limit: "6291456", deploy: {replicas: 2, resources: {}}}, b: {deploy: {resources: {limits: {memory: "6291456"}}}}}',
    ],
    ['for an external secret', 'services: {}\nsecrets: {a: {external: true}}'],
    ['for an external network with a name', 'services: {}\nnetworks: {a: {name: b, external: true, driver: bridge}}'],
    [
      'for ports at addresses',
      'services: {a: {ports: [{target: 80, host_ip: 127.0.0.1}, {target: 80, host_ip: "::1"}, {target: 81}]}}',
    ],
  ])('%s', (_, yaml) => {
    const checked = checkConfig(configOf(yaml));
    expect([...problemLines(checked.problems), ...problemLines(checked.blockers)]).toEqual([]);
  });
});

describe('a project is read and not deployed for', () => {
  const job = (restart: string) =>
    `services: {api: {depends_on: {migrate: {condition: service_completed_successfully, required: true}}}, migrate: {${restart}}}`;
  const endless =
    'services.api.depends_on.migrate: "migrate" never completes: it is restarted whenever it ends [Set `restart: "no"` for "migrate".]';

  it.each<Table[number]>([
    ['a job that is always restarted', job('restart: always'), [endless]],
    ['a job that is restarted unless stopped', job('restart: unless-stopped'), [endless]],
    ['a job that deploy restarts', job('restart: "no", deploy: {restart_policy: {}}'), [endless]],
    [
      'ports of a borrowed network',
      'services: {vpn: {}, api: {network_mode: "service:vpn", ports: [{target: 80}]}}',
      ['services.api.ports: a container with network_mode "service:vpn" cannot publish ports [Publish them on "vpn".]'],
    ],
    [
      'ports of the network of a container',
      'services: {api: {network_mode: "container:vpn", ports: [{target: 80}]}}',
      ['services.api.ports: a container with network_mode "container:vpn" cannot publish ports'],
    ],
    [
      'ports of the network of a container of the project',
      'services: {vpn: {container_name: gluetun}, api: {network_mode: "container:gluetun", ports: [{target: 80}]}}',
      [
        'services.api.ports: a container with network_mode "container:gluetun" cannot publish ports [Publish them on "vpn".]',
      ],
    ],
    [
      'services that join each other by the names of their containers',
      'services: {vpn: {container_name: gluetun, pid: "container:app"}, api: {container_name: app, network_mode: "container:gluetun"}}',
      ['services.vpn.pid: services wait for each other: vpn → api → vpn'],
    ],
    [
      'a service that joins its own container',
      'services: {vpn: {container_name: gluetun, network_mode: "container:gluetun"}}',
      ['services.vpn.network_mode: services wait for each other: vpn → vpn'],
    ],
    [
      'mounts at no absolute path',
      'services: {api: {tmpfs: ["run:size=1m"], volumes: [{type: volume, target: /a}, {type: volume, target: rel}, {type: bind, source: /a, target: /}]}}',
      [
        'services.api.volumes[1]: expected an absolute path in the container, such as "/rel", got "rel"',
        'services.api.volumes[2]: nothing can be mounted at "/"',
        'services.api.tmpfs[0]: expected an absolute path in the container, such as "/run", got "run"',
      ],
    ],
    [
      'a volume of one letter, which is read as a drive',
      'services: {api: {volumes: [{type: volume, target: "d:/data"}]}}',
      [
        'services.api.volumes[0]: expected an absolute path in the container, got "d:/data" [A single letter before a colon is read as a drive: give the volume a longer name.]',
      ],
    ],
    [
      'a relative working directory',
      'services: {api: {working_dir: ./app}}',
      ['services.api.working_dir: expected an absolute path in the container, such as "/app", got "./app"'],
    ],
    [
      'less memory than the engine gives',
      'services: {a: {mem_limit: "4194304"}, b: {deploy: {resources: {limits: {memory: "5242880"}, reservations: {memory: "1024"}}}}}',
      [
        "services.a.mem_limit: 4 MiB is less than the engine's minimum of 6 MiB",
        "services.b.deploy.resources.limits.memory: 5 MiB is less than the engine's minimum of 6 MiB",
        "services.b.deploy.resources.reservations.memory: 1 KiB is less than the engine's minimum of 6 MiB",
      ],
    ],
    [
      'memory that contradicts itself',
      'services: {a: {mem_limit: "8388608", mem_reservation: "16777216", memswap_limit: "7340032"}, b: {memswap_limit: "8388608"}}',
      [
        'services.a.mem_reservation: 16 MiB is more than the limit of 8 MiB',
        'services.a.memswap_limit: 7 MiB of memory and swap together is less than the 8 MiB of memory alone',
        'services.b.memswap_limit: needs a memory limit [Set mem_limit.]',
      ],
    ],
    [
      'numbers out of range',
      'services: {a: {mem_swappiness: "101", cpu_period: 10, cpu_quota: 999}, b: {memswap_limit: "-1", cpu_quota: -1}}',
      [
        'services.a.mem_swappiness: expected 0 to 100, got 101',
        'services.a.cpu_period: expected 1000 to 1000000, got 10',
        'services.a.cpu_quota: expected 1000 or more, got 999',
      ],
    ],
  ])('%s', (_, yaml, lines) => {
    expect(blockers(yaml)).toEqual(lines);
    expect(problems(yaml)).toEqual([]);
  });

  it.each([
    '',
    'restart: "no"',
    'restart: on-failure',
    'restart: always, deploy: {restart_policy: {condition: on-failure}}',
  ])('nothing where a job ends: %s', (restart) => {
    expect(blockers(job(restart))).toEqual([]);
  });
});

describe('a project is warned of', () => {
  it.each<Table[number]>([
    [
      'all rights',
      'services: {a: {privileged: true}}',
      ['services.a.privileged: the container gets full privileges on the host'],
    ],
    [
      'the socket of the engine',
      'services: {a: {volumes: [{type: bind, source: /var/run/docker.sock, target: /s}]}}',
      ['services.a.volumes: /var/run/docker.sock lets the container control the engine, and so the host'],
    ],
    [
      'the tag latest',
      'services: {a: {image: "nginx:latest"}}',
      ['services.a.image: the image of the tag "latest" changes over time [Use a version tag.]'],
    ],
    [
      'no tag',
      'services: {a: {image: "localhost:5000/nginx"}}',
      ['services.a.image: the image of the tag "latest" changes over time [Use a version tag.]'],
    ],
    [
      'reserved labels',
      'services: {a: {labels: {com.docker.compose.project: x, mine: z}}}',
      ['services.a.labels.com.docker.compose.project: is reserved: lobbie sets it'],
    ],
    [
      'reserved labels of networks and volumes',
      'services: {}\nnetworks: {n: {labels: {com.docker.compose.n: b}}}\nvolumes: {v: {labels: {com.docker.compose.a: b}}}',
      [
        'networks.n.labels.com.docker.compose.n: is reserved: lobbie sets it',
        'volumes.v.labels.com.docker.compose.a: is reserved: lobbie sets it',
      ],
    ],
  ])('%s', (_, yaml, lines) => {
    expect(warnings(yaml)).toEqual(lines);
    expect(problems(yaml)).toEqual([]);
  });

  it.each([
    'services: {a: {privileged: false}}',
    'services: {a: {image: "nginx:1.27"}}',
    'services: {a: {image: "nginx@sha256:abc"}}',
    'services: {a: {image: app, build: {context: /a}}}',
    'services: {a: {volumes: [{type: bind, source: /var/run/app.sock, target: /s}], labels: {com.docker.stack: a}}}',
  ])('nothing: %s', (yaml) => {
    expect(warnings(yaml)).toEqual([]);
  });
});

describe('names and labels of lobbie', () => {
  const image = "is a name reserved for lobbie's images";
  const label = 'only lobbie sets labels that begin with "dev.lobbie." [Remove it, or rename it.]';
  const other = '[Choose another name.]';
  it.each<Table[number]>([
    [
      'labels',
      'services: {a: {labels: {dev.lobbie.role: keeper, mine: z}, build: {labels: {dev.lobbie.x: y}}}}\nnetworks: {n: {labels: {dev.lobbie.a: b}}}\nvolumes: {v: {labels: {dev.lobbie.a: b}}}',
      [
        `services.a.labels.dev.lobbie.role: ${label}`,
        `services.a.build.labels.dev.lobbie.x: ${label}`,
        `networks.n.labels.dev.lobbie.a: ${label}`,
        `volumes.v.labels.dev.lobbie.a: ${label}`,
      ],
    ],
    [
      'an image, and the tags of a build',
      'services: {a: {image: "docker.io/library/lobbie-ingress:1"}, b: {image: mine, build: {tags: ["lobbie-keeper:empty", "mine:2"]}}}',
      [
        `services.a.image: docker.io/library/lobbie-ingress:1 ${image} ${other}`,
        `services.b.build.tags: lobbie-keeper:empty ${image} ${other}`,
      ],
    ],
    [
      'the image that Compose names by itself',
      'name: lobbie\nservices: {ingress: {image: null, build: {context: /a}}}',
      [`services.ingress.image: lobbie-ingress ${image} [Set another name: image: <name>]`],
    ],
    [
      'a container',
      'services: {a: {container_name: other-lobbie-keeper}, b: {container_name: my-lobbie-keeper-2}}',
      [`services.a.container_name: other-lobbie-keeper is a name reserved for lobbie's containers ${other}`],
    ],
    [
      "a project's ledger, or the secrets of a container",
      'services: {}\nvolumes: {a: {name: other_lobbie-ledger, external: true}, b: {name: p_lobbie-ledger}, c: {name: p_data}, d: {name: q-web-1-k3f9x2_lobbie-files}}',
      ['a: other_lobbie-ledger', 'b: p_lobbie-ledger', 'd: q-web-1-k3f9x2_lobbie-files'].map(
        (one) =>
          `volumes.${one} is a name reserved for lobbie's volumes [Only lobbie mounts such a volume: it holds a ledger or secrets. Choose another name.]`,
      ),
    ],
  ])('are not for a project to take: %s', (_, yaml, lines) => {
    expect(blockers(yaml)).toEqual(lines);
  });

  it.each(['lobbie-ingress-docs:1', 'registry.example/lobbie-ingress:1', 'my-lobbie-ingress'])(
    'are few: an image may be %s',
    (name) => {
      expect(blockers(`services: {a: {image: "${name}"}}`)).toEqual([]);
    },
  );
});
