import { describe, expect, it } from 'vitest';
import { hasIngress } from '../../../src/model/service.ts';
import { readProject, readService, told } from './read-project.ts';

describe('what is said of an ingress', () => {
  const warningsOf = async (service: string) => {
    const { project, warnings } = await readProject(`services: { web: { image: "web:1", ${service} } }\n`);
    return { ingress: project.services.map(hasIngress), warnings: told(warnings) };
  };

  it.each(['{ ports: [3000] }', '{ drain_timeout: 1m }', '{}'])(
    'asks for one where it sets it up: %s',
    async (said) => {
      const asked = await warningsOf(`x-lobbie: { ingress: ${said} }, volumes: [/data]`);
      expect(asked).toEqual({ ingress: [true], warnings: [] });
    },
  );

  it.each([
    ['true', true],
    ['false', false],
    ['"yes"', true],
    ['off', false],
  ])('has one or none as the file says: %s', async (said, has) => {
    const asked = await warningsOf(`ports: ["${has ? '53/udp' : '80'}"], x-lobbie: { ingress: ${said} }`);
    expect(asked).toEqual({ ingress: [has], warnings: [] });
  });

  it.each([['no ingress with network_mode host', 'network_mode: host, x-lobbie: { ingress: { ports: [3000] } }']])(
    'is warned of where there is none: %s',
    async (words, service) => {
      const asked = await warningsOf(service);
      expect(asked).toEqual({
        ingress: [false],
        warnings: [expect.stringMatching(new RegExp(`services\\.web\\.x-lobbie\\.ingress: has no effect: .*${words}`))],
      });
    },
  );
});

describe('what a proxy is to find', () => {
  const read = async (service: string) => {
    const { project, warnings } = await readProject(`services: { web: { image: "web:1", ${service} } }\n`);
    return { ingress: project.services.map(hasIngress), warnings: told(warnings) };
  };
  const route = '"traefik.http.routers.a.rule": "Host(`a`)"';

  it('is the ingress, which the service has for it', async () => {
    expect(await read(`labels: { ${route} }`)).toEqual({ ingress: [true], warnings: [] });
    expect(await read('environment: { VIRTUAL_HOST: a.test }')).toEqual({ ingress: [true], warnings: [] });
    expect(await read(`labels: { ${route} }, x-lobbie: { discovery: replicas }`)).toEqual({
      ingress: [false],
      warnings: [],
    });
  });

  const lb = 'traefik.http.services.a.loadbalancer';
  it.each([
    [`${lb}.sticky.cookie.name`, 'x', 'does not tie a client'],
    [`${lb}.sticky`, 'true', 'does not tie a client'],
    ['traefik.backend.loadbalancer.stickiness', 'true', 'does not tie a client'],
    ['traefik.weight', '3', 'has no effect'],
    [`${lb}.server.weight`, '3', 'has no effect'],
    ['traefik.http.services.a.weighted.services[0].name', 'b', 'has no effect'],
    [`${lb}.healthCheck.path`, '/up', 'is left out'],
    [`${lb}.passivehealthcheck.maxfailedattempts`, '3', 'is left out'],
    ['traefik.backend.healthcheck.path', '/up', 'is left out'],
    ['caddy.reverse_proxy.health_uri', '/up', 'is left out'],
    ['caddy_1.handle.reverse_proxy.fail_duration', '30s', 'is left out'],
    ['caddy.reverse_proxy.lb_policy', 'ip_hash', 'does not tie a client'],
  ])('is warned of where the replicas would be needed: %s', async (label, value, words) => {
    const { warnings } = await read(`labels: { ${route}, "${label}": "${value}" }`);
    expect(warnings).toEqual([expect.stringContaining(`services.web.labels: ${label} ${words}`)]);
    const replicas = await read(`labels: { ${route}, "${label}": "${value}" }, x-lobbie: { discovery: replicas }`);
    expect(replicas.warnings).toEqual([]);
  });
  it('is not to be restarted for a certificate', async () => {
    const { warnings } = await read('environment: { VIRTUAL_HOST: a, LETSENCRYPT_RESTART_CONTAINER: "true" }');
    expect(warnings).toEqual([expect.stringContaining('LETSENCRYPT_RESTART_CONTAINER is left out')]);
  });
  it('is the replicas where Traefik routes UDP to them, and a warning says so', async () => {
    const { ingress, warnings } = await read(`labels: { ${route}, "traefik.udp.routers.d.entrypoints": "dns" }`);
    expect(ingress).toEqual([false]);
    expect(warnings).toEqual([expect.stringContaining('has UDP routes')]);
  });
});

describe('a service of a Compose file', () => {
  it('without a word on it has the defaults of the engine, of Docker Compose and of lobbie', async () => {
    const { project, problems, warnings } = await readProject('services:\n  web:\n    image: nginx:1\n');
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    expect(project).toEqual({
      name: 'shop',
      networks: [{ key: 'default', name: 'shop_default', external: false }],
      volumes: [],
      inactive: [],
      services: [
        {
          name: 'web',
          image: 'nginx:1',
          pullPolicy: 'missing',
          replicas: 1,
          environment: {},
          labels: {},
          mounts: [],
          files: [],
          networks: [{ key: 'default', aliases: [] }],
          ports: [],
          expose: [],
          restart: { name: 'no' },
          restartUnsaid: true,
          stopGracePeriodMs: 10_000,
          settings: {},
          dependsOn: [],
          job: false,
          update: { delayMs: 0, failureAction: 'rollback', maxFailureRatio: 0 },
          rollback: { parallelism: 0, delayMs: 0 },
          ingress: {
            ports: [],
            drainTimeoutMs: 30_000,
            holdTimeoutMs: 30_000,
            outageTimeoutMs: 10_000,
            clientTimeoutMs: 60_000,
            serverTimeoutMs: 86_400_000,
          },
        },
      ],
    });
  });

  it.each([
    ['"8080:80"', { target: 80, protocol: 'tcp', published: 8080 }],
    ['"80"', { target: 80, protocol: 'tcp', published: 0 }],
    ['"127.0.0.1:53:53/udp"', { target: 53, protocol: 'udp', published: 53, hostIp: '127.0.0.1' }],
    ['"8000-8010:80"', { target: 80, protocol: 'tcp', published: 8000, publishedEnd: 8010 }],
    [
      '{ target: 80, published: "81", app_protocol: http }',
      { target: 80, protocol: 'tcp', published: 81, mode: 'http' },
    ],
    ['{ target: 5432, app_protocol: postgres }', { target: 5432, protocol: 'tcp', published: 0, mode: 'tcp' }],
    ['{ target: 443, app_protocol: https }', { target: 443, protocol: 'tcp', published: 0, mode: 'tcp' }],
  ])('publishes %s', async (port, expected) => {
    expect((await readService(`ports: [${port}]`)).ports).toEqual([expected]);
  });

  it('exposes the TCP ports it names, ranges written out, each once', async () => {
    const { expose, exposesUdp } = await readService('expose: ["3000", "4000-4002", "4001/tcp", "53/udp"]');
    expect(expose).toEqual([3000, 4000, 4001, 4002]);
    expect(exposesUdp).toBe(true);
    expect(await readService('expose: ["3000", "4001/TCP"]')).not.toHaveProperty('exposesUdp');
  });

  it.each([
    ['./html:/srv/', { kind: 'bind', source: '/srv/shop/html', target: '/srv', readOnly: false }],
    ['/etc/x:/x:ro,z', { kind: 'bind', source: '/etc/x', target: '/x', readOnly: true, selinux: 'z' }],
    [
      '{ type: bind, source: /a, target: /a, read_only: true }',
      { kind: 'bind', source: '/a', target: '/a', readOnly: true },
    ],
    ['/cache', { kind: 'volume', target: '/cache', readOnly: false }],
    [
      '{ type: bind, source: ./a, target: /a, bind: { create_host_path: false, propagation: rshared } }',
      {
        kind: 'bind',
        source: '/srv/shop/a',
        target: '/a',
        readOnly: false,
        mustExist: true,
        propagation: 'rshared',
      },
    ],
    [
      '{ type: tmpfs, target: /t, tmpfs: { size: 64m, mode: 01777 } }',
      { kind: 'tmpfs', target: '/t', sizeBytes: 67_108_864, mode: 0o1777 },
    ],
  ])('mounts %s', async (volume, expected) => {
    expect((await readService(`volumes: [${volume.startsWith('{') ? volume : `"${volume}"`}]`)).mounts).toEqual([
      expected,
    ]);
  });

  it('mounts named volumes by their names on the engine', async () => {
    const { project } = await readProject(`
services:
  web:
    image: web:1
    volumes: ["data:/data", "shared:/shared:ro", {type: volume, source: data, target: /sub, volume: {nocopy: true, subpath: a}}]
volumes:
  data: { driver_opts: { type: none }, labels: { a: b } }
  shared: { external: true, name: others }
  unused:
`);
    expect(project.services[0]?.mounts).toEqual([
      { kind: 'volume', source: 'shop_data', target: '/data', readOnly: false },
      { kind: 'volume', source: 'others', target: '/shared', readOnly: true },
      { kind: 'volume', source: 'shop_data', target: '/sub', readOnly: false, noCopy: true, subpath: 'a' },
    ]);
    expect(project.volumes).toEqual([
      { key: 'data', name: 'shop_data', external: false, driverOpts: { type: 'none' }, labels: { a: 'b' } },
      { key: 'shared', name: 'others', external: true },
    ]);
  });

  it('has what is in memory with its options', async () => {
    expect((await readService('tmpfs: [/run/, "/a/..//tmp/:size=64m,noexec"]')).mounts).toEqual([
      { kind: 'tmpfs', target: '/run' },
      { kind: 'tmpfs', target: '/tmp', options: 'size=64m,noexec' },
    ]);
  });

  it.each([
    ['test: curl -f localhost', ['CMD-SHELL', 'curl -f localhost'], {}],
    ['test: [CMD, check]\n  interval: 1m30s\n  retries: 5', ['CMD', 'check'], { intervalMs: 90_000, retries: 5 }],
    ['test: [NONE]', ['NONE'], {}],
    ['disable: true', ['NONE'], {}],
    ['start_period: 1h\n  start_interval: 500ms', [], { startPeriodMs: 3_600_000, startIntervalMs: 500 }],
  ])('has a healthcheck that says %j', async (yaml, test, said) => {
    const { healthcheck } = await readService(`healthcheck:\n  ${yaml}`);
    expect(healthcheck).toEqual({ test, intervalMs: 0, timeoutMs: 0, retries: 0, startPeriodMs: 0, ...said });
  });

  it.each([
    ['restart: unless-stopped', { name: 'unless-stopped' }],
    ['restart: on-failure:3', { name: 'on-failure', maxRetries: 3 }],
    ['restart: "no"', { name: 'no' }],
    ['deploy: { restart_policy: { condition: any } }', { name: 'always' }],
    [
      'restart: always\ndeploy: { restart_policy: { condition: on-failure, max_attempts: 2 } }',
      { name: 'on-failure', maxRetries: 2 },
    ],
    ['restart: always\ndeploy: { restart_policy: { condition: none } }', { name: 'no' }],
  ])('is restarted as it says: %j', async (yaml, expected) => {
    expect(await readService(yaml)).toMatchObject({ restart: expected });
    expect(await readService(yaml)).not.toHaveProperty('restartUnsaid');
  });

  it('has the limits of `deploy.resources` and of its own keys', async () => {
    const { settings } = await readService(`
deploy:
  resources:
    limits: { cpus: "0.5", memory: 256M, pids: 100 }
    reservations: { memory: 128M, devices: [{ capabilities: [gpu], count: all }] }
memswap_limit: -1
shm_size: 64m
ulimits: { nofile: 1024, nproc: { soft: 10, hard: 20 } }`);
    expect(settings).toEqual({
      cpus: 0.5,
      memoryBytes: 268_435_456,
      pidsLimit: 100,
      memoryReservationBytes: 134_217_728,
      memorySwapBytes: -1,
      shmSizeBytes: 67_108_864,
      ulimits: [
        { name: 'nofile', soft: 1024, hard: 1024 },
        { name: 'nproc', soft: 10, hard: 20 },
      ],
      deviceRequests: [{ capabilities: ['gpu'], count: -1 }],
    });
  });

  it('hands the engine what only the engine understands', async () => {
    const { settings } = await readService(`
cap_drop: [ALL]
security_opt: ["no-new-privileges:true"]
init: true
read_only: true
extra_hosts: ["host.docker.internal:host-gateway", "six=::1"]
devices: ["/dev/null:/dev/nil:r", /dev/zero]
logging: { driver: json-file, options: { max-size: 10m } }
sysctls: { net.core.somaxconn: 1024 }
dns: 1.1.1.1
hostname: box`);
    expect(settings).toEqual({
      capDrop: ['ALL'],
      securityOpt: ['no-new-privileges:true'],
      init: true,
      readOnly: true,
      extraHosts: ['host.docker.internal:host-gateway', 'six:::1'],
      devices: [
        { host: '/dev/null', container: '/dev/nil', permissions: 'r' },
        { host: '/dev/zero', container: '/dev/zero', permissions: 'rwm' },
      ],
      logging: { driver: 'json-file', options: { 'max-size': '10m' } },
      sysctls: { 'net.core.somaxconn': '1024' },
      dns: ['1.1.1.1'],
      hostname: 'box',
    });
  });

  it('has a seccomp profile itself, for the engine does not read files', async () => {
    const files = { '/srv/shop/profile.json': '{\n  "defaultAction": "SCMP_ACT_ALLOW"\n}' };
    const { settings } = await readService('security_opt: ["seccomp:./profile.json"]', { files });
    expect(settings.securityOpt).toEqual(['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}']);
  });

  it('clears the entrypoint with an empty list, but not the command', async () => {
    expect(await readService('entrypoint: []\ncommand: []')).toMatchObject({ entrypoint: [] });
    expect(await readService('entrypoint: []\ncommand: []')).not.toHaveProperty('command');
    expect(await readService('command: echo "a b"')).toMatchObject({ command: ['echo', 'a b'] });
  });

  it('has the variables that have a value', async () => {
    const { environment } = await readService('environment: { A: 1, B: "", C: , D: $$x }', { env: { OTHER: '1' } });
    expect(environment).toEqual({ A: '1', B: '', C: null, D: '$x' });
  });

  it('that is built has a name and what the build needs', async () => {
    const { project } = await readProject(`
services:
  web:
    build: { context: ./web, target: run, args: { A: 1, GONE: }, extra_hosts: ["a:1.2.3.4"], shm_size: 1g }
    platform: linux/arm64
  own:
    build: { dockerfile_inline: "FROM scratch" }
    image: registry.example/own:2
    pull_policy: build
`);
    expect(project.services).toMatchObject([
      {
        name: 'own',
        image: 'registry.example/own:2',
        pullPolicy: 'build',
        build: { dockerfileInline: 'FROM scratch' },
      },
      {
        name: 'web',
        image: 'shop-web',
        platform: 'linux/arm64',
        build: {
          context: '/srv/shop/web',
          dockerfile: 'Dockerfile',
          args: { A: '1' },
          target: 'run',
          platform: 'linux/arm64',
          extraHosts: ['a:1.2.3.4'],
          shmSizeBytes: 1_073_741_824,
        },
      },
    ]);
  });

  it('waits for others as it says, and ends where others wait for its end', async () => {
    const { project } = await readProject(`
services:
  app:
    image: app:1
    depends_on:
      db: { condition: service_healthy, restart: true }
      migrate: { condition: service_completed_successfully }
      extra: { condition: service_started, required: false }
  db: { image: db:1 }
  migrate: { image: app:1, depends_on: [db], deploy: { replicas: 3 } }
  extra: { image: x:1, profiles: [more] }
`);
    expect(project.services).toMatchObject([
      {
        name: 'app',
        job: false,
        dependsOn: [
          { service: 'db', condition: 'healthy', required: true, restart: true },
          { service: 'migrate', condition: 'completed', required: true, restart: false },
        ],
      },
      { name: 'db', job: false },
      { name: 'migrate', job: true, replicas: 1, dependsOn: [{ service: 'db', condition: 'started' }] },
    ]);
    expect(project.inactive).toEqual(['extra']);
  });

  it('answers to its aliases and to the names that others link it by', async () => {
    const { project } = await readProject(`
services:
  web: { image: web:1, links: ["db:database", "db"], networks: [front, back] }
  db:
    image: db:1
    networks:
      back: { aliases: [store], ipv4_address: 10.9.0.2 }
      front: { priority: 10 }
networks:
  front:
  back: { internal: true, ipam: { config: [{ subnet: 10.9.0.0/24, gateway: 10.9.0.1 }] } }
`);
    expect(project.services.find(({ name }) => name === 'db')?.networks).toEqual([
      { key: 'front', aliases: ['database'] },
      { key: 'back', aliases: ['store', 'database'], ipv4Address: '10.9.0.2' },
    ]);
    expect(project.networks).toEqual([
      {
        key: 'back',
        name: 'shop_back',
        external: false,
        internal: true,
        ipam: { pools: [{ subnet: '10.9.0.0/24', gateway: '10.9.0.1' }] },
      },
      { key: 'front', name: 'shop_front', external: false },
    ]);
  });

  it('leaves the size of a batch to the order where the file does not say it', async () => {
    expect((await readService('ports: ["80"]')).update).not.toHaveProperty('parallelism');
    expect((await readService('deploy: { update_config: { parallelism: 2 } }')).update.parallelism).toBe(2);
  });

  it('is updated and taken back as it says', async () => {
    const { update, rollback } = await readService(`
deploy:
  update_config: { parallelism: 2, delay: 10s, monitor: 1m, failure_action: continue, max_failure_ratio: 0.25, order: stop-first }
  rollback_config: { parallelism: 3, delay: 2s }`);
    expect(update).toEqual({
      order: 'stop-first',
      parallelism: 2,
      delayMs: 10_000,
      monitorMs: 60_000,
      failureAction: 'continue',
      maxFailureRatio: 0.25,
    });
    expect(rollback).toEqual({ parallelism: 3, delayMs: 2000 });
  });

  it('has an ingress as x-lobbie says', async () => {
    const web = await readService(`
deploy: { update_config: { order: start-first } }
x-lobbie:
  replicas: 3
  report: /file
  ingress: { health: /ready, ports: [9000], drain_timeout: 5s, hold_timeout: 1m, client_timeout: 2m, server_timeout: 90s, outage_timeout: 3s, trusted_proxies: [10.0.0.0/8], proxy_protocol: v1 }`);
    expect(hasIngress(web)).toBe(true);
    expect(web).toMatchObject({
      replicas: 3,
      report: '/file',
      ingress: {
        healthPath: '/ready',
        ports: [9000],
        drainTimeoutMs: 5000,
        holdTimeoutMs: 60_000,
        clientTimeoutMs: 120_000,
        serverTimeoutMs: 90_000,
        outageTimeoutMs: 3000,
        trustedProxies: ['10.0.0.0/8'],
        proxyProtocol: 'v1',
      },
    });
  });
});

describe('the number of replicas', () => {
  const scale = new Map([['web', 5]]);
  const deployed = new Map([['web', 4]]);
  it.each([
    ['--scale before all', 'x-lobbie: { replicas: 2 }', { scale, deployed }, 5],
    ['x-lobbie before deploy', 'deploy: { replicas: 3 }\nx-lobbie: { replicas: 2 }', { deployed }, 2],
    ['the file before what is deployed', 'deploy: { replicas: 3 }', { deployed }, 3],
    ['what is deployed where nobody says', 'labels: {}', { deployed }, 4],
    ['one', 'labels: {}', {}, 1],
    ['one of a global service', 'deploy: { mode: global }', { deployed }, 1],
  ])('is %s', async (_, yaml, options, replicas) => {
    expect((await readService(yaml, options)).replicas).toBe(replicas);
  });
});

describe('the history', () => {
  const yaml = `
services:
  owner: { image: own:1, entrypoint: [chown], volumes: ["./history:/history"], x-lobbie: { replicas: 0 } }
  api: { image: api:1, volumes: ["./history:/history"], depends_on: { owner: { condition: service_completed_successfully } } }
x-lobbie: { history: ./history }
`;

  it('is the directory that a service mounts; a job for Docker Compose alone is left out', async () => {
    const { project, problems } = await readProject(yaml);
    expect(problems).toEqual([]);
    expect(project.history).toEqual({ source: '/srv/shop/history' });
    expect(project.services).toMatchObject([{ name: 'api', dependsOn: [] }]);
    expect(project.inactive).toEqual(['owner']);
  });

  it('has its own directory on a remote engine', async () => {
    const { project, warnings } = await readProject(yaml, { local: false });
    expect(project.history).toEqual({ source: '/var/lib/lobbie/shop/history' });
    expect(project.services[0]?.mounts).toMatchObject([{ source: '/var/lib/lobbie/shop/history' }]);
    expect(warnings).toEqual([]);
  });

  it('has to be mounted', async () => {
    const { problems } = await readProject('services: { web: { image: web:1 } }\nx-lobbie: { history: ./history }\n');
    expect(told(problems)).toEqual(['x-lobbie.history: no service mounts /srv/shop/history']);
  });

  it.each([
    ['/', '/ is the root of the file system'],
    ['.', '/srv/shop is the project directory'],
    ['..', '/srv is a system directory'],
    ['/etc/shop', '/etc/shop is a system directory'],
    ['/data/me', '/data/me is a home directory'],
    ['/data', '/data contains the home directory'],
  ])('is not %s', async (directory, words) => {
    const yaml = `services: { web: { image: web:1, volumes: ["${directory}:/h"] } }\nx-lobbie: { history: "${directory}" }\n`;
    const { problems } = await readProject(yaml, { homeDirectory: '/data/me' });
    expect(told(problems)).toEqual([`x-lobbie.history: ${words}`]);
  });
});

describe('a namespace of another container', () => {
  const vpn = 'vpn: { image: a:1, container_name: gluetun, ports: ["8080:8080"] }, plain: { image: c:1 }';
  it.each([
    ['a container_name', 'container:gluetun', 'service:vpn'],
    ['a container_name as the engine lists it', 'container:/gluetun', 'service:vpn'],
    ['the name that Docker Compose gives', 'container:shop-plain-1', 'service:plain'],
    ['a service', 'service:vpn', 'service:vpn'],
    ['a container of somebody else', 'container:vpn', 'container:vpn'],
    ['the name of a container that has another one', 'container:shop-vpn-1', 'container:shop-vpn-1'],
  ])('is that of a service when the project has %s', async (_, mode, expected) => {
    const app = `app: { image: b:1, network_mode: "${mode}", pid: "${mode}", ipc: "${mode}" }`;
    const { project, problems } = await readProject(`name: shop\nservices: { ${app}, ${vpn} }\n`);
    expect(told(problems)).toEqual([]);
    const service = project.services.find(({ name }) => name === 'app');
    expect(service).toMatchObject({ networkMode: expected, settings: { pid: expected, ipc: expected } });
    const lender = expected.startsWith('service:') ? [expected.slice('service:'.length)] : [];
    expect(service?.dependsOn).toEqual(
      lender.map((name) => ({ service: name, condition: 'started', required: true, restart: true })),
    );
  });

  it('keeps the dependency as the file has it', async () => {
    const app =
      'app: { image: b:1, network_mode: "container:gluetun", depends_on: { vpn: { condition: service_healthy } } }';
    const { project } = await readProject(`services: { ${app}, ${vpn} }\n`);
    expect(project.services[0]?.dependsOn).toMatchObject([{ service: 'vpn', condition: 'healthy' }]);
  });
});

describe('what cannot run as it is written', () => {
  it.each([
    [
      'two services on one port',
      'a: { image: a:1, ports: ["80:80"] }, b: { image: b:1, ports: ["127.0.0.1:80:81"] }',
      ['services.b.ports[0]: port 80/tcp is published by a too'],
    ],
    [
      'two replicas on one UDP port',
      'dns: { image: a:1, ports: ["53:53/udp"], x-lobbie: { replicas: 2 } }',
      ['services.dns: 2 replicas cannot both publish port 53/udp'],
    ],
    [
      'a name that no ingress can hold for two',
      'a: { image: a:1, container_name: one, x-lobbie: { replicas: 2, ingress: false } }',
      ['services.a.container_name: 2 replicas cannot both be named one'],
    ],
    [
      'a port that is free on one address only',
      'a: { image: a:1, ports: ["127.0.0.1:80:80"] }, b: { image: b:1, ports: ["127.0.0.2:80:80"] }, c: { image: c:1, ports: ["127.0.0.2:80:80"] }',
      ['services.c.ports[0]: port 80/tcp is published by b too'],
    ],
    [
      'a port on all addresses of IPv6 and on one of them',
      'a: { image: a:1, ports: ["[::]:80:80"] }, b: { image: b:1, ports: ["[::1]:80:80"] }',
      ['services.b.ports[0]: port 80/tcp is published by a too'],
    ],
    [
      'nothing where one has a port for IPv4 and the other for IPv6',
      'a: { image: a:1, ports: ["0.0.0.0:80:80"] }, b: { image: b:1, ports: ["[::]:80:80"] }',
      [],
    ],
    [
      'two replicas with one address',
      'a: { image: a:1, networks: { default: { ipv4_address: 10.0.0.2 } }, x-lobbie: { replicas: 2 } }',
      ['services.a.networks.default: 2 replicas cannot both have the address 10.0.0.2'],
    ],
    [
      'nothing where the ingress has the address',
      'a: { image: a:1, ports: [80], networks: { default: { ipv4_address: 10.0.0.2 } }, x-lobbie: { replicas: 2 } }',
      [],
    ],
    [
      'a context that is no directory',
      'a: { build: "https://example.com/a.git" }',
      ['services.a.build.context: "https://example.com/a.git" is not a directory on this machine'],
    ],
  ])('is told of %s', async (_, services, expected) => {
    expect(told((await readProject(`services: { ${services} }\n`)).problems)).toEqual(expected);
  });

  it('names services whose containers would have no DNS name', async () => {
    const web = `${'w'.repeat(49)}: { image: a:1, ports: ["80"] }`;
    const { problems } = await readProject(`services: { ${web}, ${'d'.repeat(50)}: { image: a:1 } }\n`);
    expect(told(problems)).toEqual([]);
    const longer = await readProject(`services: { ${'w'.repeat(50)}: { image: a:1, ports: ["80"] } }\n`);
    expect(told(longer.problems)).toEqual([
      `services.${'w'.repeat(50)}: the names of its containers would have 64 characters, but a DNS name has at most 63`,
    ]);
  });

  it.each([
    'a: { image: a:1, ports: ["80:80"] }, b: { image: b:1, ports: ["80:80/udp"] }',
    'a: { image: a:1, ports: ["127.0.0.1:80:80"] }, b: { image: b:1, ports: ["127.0.0.2:80:80"] }',
    'a: { image: a:1, ports: ["80"] }, b: { image: b:1, ports: ["80"] }',
    'a: { image: a:1, ports: ["8080:80"], x-lobbie: { replicas: 2 } }',
    'a: { image: a:1, ports: ["8080:80"], container_name: one, x-lobbie: { replicas: 2 } }',
    'a: { image: a:1, security_opt: [systempaths=unconfined] }',
  ])('is not told of %s', async (services) => {
    expect((await readProject(`services: { ${services} }\n`)).problems).toEqual([]);
  });

  it('names a directory that a remote engine does not have', async () => {
    const { warnings } = await readProject('services: { web: { image: web:1, volumes: ["./a:/a", "/b:/b"] } }\n', {
      local: false,
    });
    expect(told(warnings)).toEqual([
      "services.web.volumes[0]: /srv/shop/a must exist on the engine's machine: a bind mount does not copy files there",
    ]);
  });
});
