import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import type { Build } from '../../src/model/build.ts';
import type { Network, Project, Volume } from '../../src/model/project.ts';
import type { Dependency, Service, ServiceFile } from '../../src/model/service.ts';
import { aProject, aService } from './a-service.ts';
import { type ScriptedEngine, scriptedEngine } from './scripted-engine.ts';

/** Two versions of a project that follow each other, and the options of the second deploy. */
export interface Pair {
  readonly before: Project;
  readonly after: Project;
  /** What became of a container between the two. */
  readonly mishap: 'none' | 'none' | 'stopped' | 'removed' | 'renamed';
  readonly at: number;
  readonly removeOrphans: boolean;
  readonly only: boolean;
  readonly recreate: boolean;
  readonly build: 'always' | 'never' | undefined;
}

/** Of every build; its files do not matter. */
export const CONTEXT = fileURLToPath(new URL('../../assets', import.meta.url));
const NAMES = ['api', 'app', 'db', 'site', 'web', 'worker'] as const;
const HEALTHCHECK = { test: ['CMD', 'healthy?'], intervalMs: 1000, timeoutMs: 1000, retries: 1, startPeriodMs: 0 };

/** What a service is like, without the names of others. */
interface Part {
  readonly image: 'app:1' | 'app:2' | 'db:1';
  readonly built: 'no' | 'own' | 'named' | 'shared' | 'of another';
  readonly content: number;
  /** What the image of a build is called besides. */
  readonly called: 'shop' | 'store';
  readonly replicas: number;
  readonly published: boolean;
  readonly exposed: boolean;
  readonly data: boolean;
  readonly order: 'start-first' | 'stop-first' | undefined;
  readonly healthy: boolean;
  readonly named: boolean;
  readonly level: string;
  readonly network: 'default' | 'back';
  readonly alias: boolean;
  readonly file: string | null;
  readonly job: boolean;
  readonly depends: 'no' | 'started' | 'healthy' | 'restart';
  readonly lends: boolean;
}

const part: fc.Arbitrary<Part> = fc.record({
  image: fc.constantFrom('app:1', 'app:2', 'db:1'),
  built: fc.constantFrom('no', 'no', 'own', 'named', 'shared', 'of another'),
  content: fc.integer({ min: 1, max: 2 }),
  called: fc.constantFrom('shop', 'store'),
  replicas: fc.integer({ min: 0, max: 2 }),
  published: fc.boolean(),
  exposed: fc.boolean(),
  data: fc.boolean(),
  order: fc.constantFrom('start-first', 'stop-first', undefined),
  healthy: fc.boolean(),
  named: fc.boolean(),
  level: fc.constantFrom('info', 'debug'),
  network: fc.constantFrom('default', 'back'),
  alias: fc.boolean(),
  file: fc.constantFrom(null, 'a', 'b'),
  job: fc.constantFrom(false, false, false, true),
  depends: fc.constantFrom('no', 'started', 'healthy', 'restart'),
  lends: fc.constantFrom(false, false, false, true),
});

type Parts = readonly (readonly [name: string, part: Part])[];

/** A change that people make between two deploys. */
type Change = (parts: Parts) => Parts;

const at = (parts: Parts, index: number): number => index % Math.max(1, parts.length);

const change: fc.Arbitrary<Change> = fc.oneof(
  // Another name for the same service.
  fc.record({ index: fc.nat({ max: 5 }), name: fc.constantFrom(...NAMES) }).map(
    ({ index, name }): Change =>
      (parts) =>
        parts.some(([other]) => other === name)
          ? parts
          : parts.map(([own, one], here) => (here === at(parts, index) ? [name, one] : [own, one])),
  ),
  fc.record({ index: fc.nat({ max: 5 }), one: part, key: fc.nat({ max: 30 }) }).map(
    ({ index, one, key }): Change =>
      (parts) =>
        parts.map(([name, own], here) => {
          const keys = Object.keys(own) as (keyof Part)[];
          const chosen = keys[key % keys.length];
          return here === at(parts, index) && chosen ? [name, { ...own, [chosen]: one[chosen] }] : [name, own];
        }),
  ),
  fc.record({ name: fc.constantFrom(...NAMES), one: part }).map(
    ({ name, one }): Change =>
      (parts) =>
        parts.some(([other]) => other === name) ? parts : [...parts, [name, one]],
  ),
  fc.nat({ max: 5 }).map(
    (index): Change =>
      (parts) =>
        parts.length > 1 ? parts.filter((_, here) => here !== at(parts, index)) : parts,
  ),
  // Another content of a build, or another name for the same one.
  fc.record({ index: fc.nat({ max: 5 }), key: fc.constantFrom('content', 'called') }).map(
    ({ index, key }): Change =>
      (parts) =>
        parts.map(([name, own], here) => {
          const changed =
            key === 'content' ? { content: 3 - own.content } : { called: own.called === 'shop' ? 'store' : 'shop' };
          return here === at(parts, index) ? [name, { ...own, ...(changed as Partial<Part>) }] : [name, own];
        }),
  ),
  fc.constant<Change>((parts) => parts.toReversed()),
);

export const pair: fc.Arbitrary<Pair> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
    parts: fc.array(part, { minLength: 4, maxLength: 4 }),
    changes: fc.array(change, { minLength: 0, maxLength: 3 }),
    mishap: fc.constantFrom('none', 'none', 'stopped', 'removed', 'renamed'),
    at: fc.nat({ max: 9 }),
    removeOrphans: fc.boolean(),
    only: fc.constantFrom(false, false, false, true),
    recreate: fc.constantFrom(false, false, false, true),
    build: fc.constantFrom(undefined, undefined, undefined, 'always', 'never'),
  })
  .map(({ names, parts, changes, ...rest }) => {
    const before = names.map((name, index) => [name, parts[index] as Part] as const);
    const after = changes.reduce<Parts>((now, one) => one(now), before);
    return { before: projectOf(before), after: projectOf(after), ...rest };
  });

function projectOf(parts: Parts): Project {
  const services = parts.map(([name, one], index) => serviceOf(name, one, parts.slice(0, index)));
  const keys = new Set(services.flatMap(({ networks }) => networks.map(({ key }) => key)));
  const networks = [...keys].map((key): Network => ({ key, name: `p_${key}`, external: false }));
  const mounted = services.flatMap(({ mounts }) =>
    mounts.flatMap((one) => (one.kind === 'volume' ? [one.source] : [])),
  );
  const volumes = [...new Set(mounted)].map((name = ''): Volume => ({ key: name.slice(2), name, external: false }));
  return aProject(services, { networks, volumes });
}

/** @param others that it may depend on */
function serviceOf(name: string, part: Part, others: Parts): Service {
  const lasting = others.filter(([, { job }]) => !job);
  const [lender] = part.lends && !part.job ? lasting.filter(([, { lends }]) => !lends).map(([other]) => other) : [];
  const [other] = others.at(-1) ?? [];
  const { image, build } = imageOf(name, part, others);
  return aService(name, {
    image,
    ...(build && { build }),
    replicas: part.job ? 1 : Math.min(part.replicas, part.named || lender !== undefined ? 1 : 2),
    environment: { LEVEL: part.level },
    ...(part.healthy && !part.job && { healthcheck: HEALTHCHECK }),
    ...(part.named && { containerName: `the-${name}` }),
    networks: lender === undefined ? [{ key: part.network, aliases: part.alias ? ['other'] : [] }] : [],
    ...(lender !== undefined && { networkMode: `service:${lender}` }),
    ports:
      part.published && !part.job && lender === undefined
        ? [
            {
              target: 3000,
              published: 8000 + NAMES.indexOf(name as (typeof NAMES)[number]),
              protocol: 'tcp',
              mode: 'http',
            },
          ]
        : [],
    expose: part.exposed ? [9090] : [],
    mounts: part.data ? [{ kind: 'volume', source: `p_${name}`, target: '/data', readOnly: false }] : [],
    files: part.file === null ? [] : [fileOf(part.file)],
    job: part.job,
    ...(part.job && { restart: { name: 'no' } }),
    dependsOn: part.depends === 'no' || other === undefined ? [] : [dependencyOf(other, part.depends, others)],
    update: {
      ...(part.order && { order: part.order }),
      parallelism: 0,
      delayMs: 0,
      monitorMs: 0,
      failureAction: 'rollback',
      maxFailureRatio: 0,
    },
  });
}

const fileOf = (content: string): ServiceFile => ({
  kind: 'config',
  name: 'settings',
  target: '/etc/settings',
  content: Buffer.from(content).toString('base64'),
});

function dependencyOf(service: string, depends: Part['depends'], others: Parts): Dependency {
  const job = others.find(([name]) => name === service)?.[1].job;
  const condition = job ? 'completed' : depends === 'healthy' ? 'healthy' : 'started';
  return { service, condition, required: true, restart: depends === 'restart' };
}

/** Built under the service's own name or another, under one that several share, or the image that another one builds. */
function imageOf(name: string, part: Part, others: Parts): { image: string; build?: Build } {
  const build: Build = {
    context: CONTEXT,
    dockerfile: 'Dockerfile',
    dockerfileInline: `FROM ${part.image}\nENV CONTENT=${part.content}\n`,
    args: {},
  };
  if (part.job) return { image: 'job:1' };
  switch (part.built) {
    case 'no':
      return { image: part.image };
    case 'own':
      return { image: `p-${name}`, build };
    case 'named':
      return { image: `${part.called}-${name}`, build };
    case 'shared':
      return { image: 'shared', build: { ...build, dockerfileInline: `FROM ${part.image}\n` } };
    case 'of another': {
      const [source] = others.filter(([, one]) => one.built === 'named' && !one.job);
      return { image: source ? `${source[1].called}-${source[0]}` : part.image };
    }
    default:
      return part.built satisfies never;
  }
}

/** A scripted engine that gives what it builds an id by its content, as a build whose layers are all cached has. */
export function buildingEngine(): ScriptedEngine {
  const engine = scriptedEngine();
  engine.exitOf = ({ image }) => (image.startsWith('job:') ? 0 : undefined);
  engine.buildImage = async ({ tags, context, dockerfileInline, args, target, labels }) => {
    const content = JSON.stringify([context, dockerfileInline, args, target, labels]);
    const id = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    for (const tag of tags) engine.images.set(tag, { id });
  };
  return engine;
}
