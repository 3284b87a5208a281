import { describe, expect, it } from 'vitest';
import { readProject } from './read-project.ts';

const addressed = async (services: string, rest = '') => {
  const { project } = await readProject(`services:\n  app: { image: "app:1" }\n${services}\n${rest}`);
  const app = project.services.find(({ name }) => name === 'app');
  return { shared: app?.shared ?? false, addressed: app?.addressed };
};

describe('a service that others know', () => {
  it.each([
    ['depends_on', '  web: { image: "web:1", depends_on: [app] }', []],
    ['links', '  web: { image: "web:1", links: ["app:other"] }', []],
    ['environment', '  web: { image: "web:1", environment: { API: "http://app:3000" } }', [3000]],
    ['the alias of a link', '  web: { image: "web:1", links: ["app:other"], command: "run http://other:81" }', [81]],
    ['command', '  web: { image: "web:1", command: ["run", "--api=app:3000"] }', [3000]],
    ['labels', '  web: { image: "web:1", labels: { route: "app:80" } }', [80]],
    [
      'a config',
      '  web: { image: "web:1", configs: [nginx] }\nconfigs: { nginx: { content: "proxy_pass http://app:9000;" } }',
      [9000],
    ],
  ])('is named by %s', async (_where, services, ports) => {
    expect(await addressed(services)).toEqual({ shared: true, addressed: ports });
  });

  it('may be reached by others on an external network', async () => {
    const { project } = await readProject(
      'services: { app: { image: "app:1", networks: [outside] } }\nnetworks: { outside: { external: true } }',
    );
    expect(project.services.map(({ shared }) => shared)).toEqual([true]);
  });

  it.each([
    ['nobody', '  web: { image: "web:1" }', true],
    ['itself', '', false],
    ['one on another network', '  web: { image: "web:1", networks: [other] }\nnetworks: { other: {} }', false],
    ['one that has no network', '  web: { image: "web:1", network_mode: none }', false],
  ])('is not named by %s', async (_who, services, shared) => {
    expect(await addressed(services)).toEqual({ shared, addressed: undefined });
  });
});

it('lists which other services each service calls', async () => {
  const { project } = await readProject(`services:
  web: { image: "web:1", environment: { API: "http://app:3000" }, depends_on: [cache] }
  app: { image: "app:1", command: "run --db db:5432", environment: { DB_USER: dbx } }
  db: { image: "db:1" }
  cache: { image: "cache:1" }
`);
  expect(Object.fromEntries(project.services.map(({ name, calls }) => [name, calls]))).toEqual({
    web: ['app', 'cache'],
    app: ['db'],
    db: undefined,
    cache: undefined,
  });
});

describe('a service whose replicas others look up one by one', () => {
  it.each([
    ['gRPC', '  web: { image: "web:1", command: "run --target dns:///app:50051" }', ['web']],
    ['its own replicas', '  web: { image: "web:1", scale: 3, environment: { JOIN: "web:7946" } }', undefined],
    ['nobody', '  web: { image: "web:1", command: "run --target http://app:50051" }', undefined],
  ])('%s', async (_who, services, lookedUpBy) => {
    const { project } = await readProject(`services:\n  app: { image: "app:1" }\n${services}`);
    expect(project.services.find(({ name }) => name === 'app')?.lookedUpBy).toEqual(lookedUpBy);
  });

  it('needs more than one replica to find itself', async () => {
    const lookedUp = async (scale: number) => {
      const { project } = await readProject(
        `services: { app: { image: "app:1", scale: ${scale}, environment: { JOIN: "app:7946" } } }`,
      );
      return project.services[0]?.lookedUpBy;
    };
    expect(await lookedUp(3)).toEqual(['app']);
    expect(await lookedUp(1)).toBeUndefined();
  });
});

it('reads the files of a mounted directory that are named like a configuration', async () => {
  const services =
    'services: { web: { image: "web:1", volumes: ["./conf.d:/etc/nginx/conf.d:ro"] }, app: { image: a:1 } }';
  const callsOf = async (files: Readonly<Record<string, string>>) => {
    const { project } = await readProject(services, { files });
    return project.services.find(({ name }) => name === 'web')?.calls;
  };
  const text = 'proxy_pass http://app:3000;';
  expect(await callsOf({ '/srv/shop/conf.d/site.conf': text })).toEqual(['app']);
  expect(
    await callsOf({ '/srv/shop/conf.d/site.bin': text, '/srv/shop/conf.d/below/site.conf': text }),
  ).toBeUndefined();
  expect(await callsOf({})).toBeUndefined();
});

it('does not count the whole project’s files as those of a service that mounts it', async () => {
  const services = 'services: { web: { image: "web:1", volumes: [".:/src", "/srv:/all"] }, app: { image: a:1 } }';
  const { project } = await readProject(services, { files: { '/srv/shop/nginx.conf': 'proxy_pass http://app:3000;' } });
  expect(project.services.map(({ calls }) => calls)).toEqual([undefined, undefined]);
});
