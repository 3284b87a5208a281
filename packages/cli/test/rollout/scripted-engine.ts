import { Duplex, Readable } from 'node:stream';
import { CONFIG_DIRECTORY } from '../../src/ingress/render-haproxy-config.ts';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import type { ContainerDetails, ContainerSpec } from '../../src/model/container.ts';
import type { Engine } from '../../src/model/engine.ts';
import { LobbieError } from '../../src/model/errors.ts';
import type { ImageDetails } from '../../src/model/image.ts';
import { LABEL } from '../../src/model/names.ts';
import { scriptedEvents } from './scripted-events.ts';
import { type Place, scriptedFiles } from './scripted-files.ts';
import { type ScriptedHaproxy, scriptedHaproxy } from './scripted-haproxy.ts';
import { scriptedNetworks } from './scripted-networks.ts';

interface Container {
  readonly id: string;
  /** Its name and restart policy may be changed. */
  spec: ContainerSpec;
  /** By network. Only a container that runs has them. */
  addresses: Readonly<Record<string, string>>;
  ports: ContainerDetails['ports'];
  readonly imageId: string;
  readonly volumes: readonly { readonly name: string; readonly target: string }[];
  state: 'created' | 'running' | 'exited';
  exitCode: number;
  /** Called with the exit status when it ends. */
  readonly ended: Set<(exitCode: number) => void>;
  haproxy?: ScriptedHaproxy;
  attached?: Duplex;
}

/** An engine in memory that can be told to fail. */
export interface ScriptedEngine extends Engine {
  /** Calls so far. */
  readonly calls: readonly string[];
  /**
   * The call with this number from now on (1 is the next) fails: before it has done anything, or after it has done all,
   * as when the answer is lost.
   */
  failAt(call: number, when: 'before' | 'after'): void;
  /** Resolves when no call is under way, those that nobody waits for any more included. */
  settled(): Promise<void>;
  /** Never fails again, until told to. */
  mend(): void;
  /** What a healthcheck says of a container; passes unless told otherwise. */
  healthOf: (container: ContainerSpec) => number;
  /** The exit status that a container ends with at once when it is started; undefined: it runs on. */
  exitOf: (container: ContainerSpec) => number | undefined;
  /** What the engine says when it makes a container. */
  warningsOf: (container: ContainerSpec) => readonly string[];
  /** Lines that a container has written. */
  logOf: (container: ContainerSpec) => readonly string[];
  /** What a replica answers to one request, asked past the ingress; undefined where nothing listens. */
  answerOf: (container: ContainerSpec, port: number) => string | undefined;
  /** What an image says of itself. */
  images: Map<string, Partial<ImageDetails>>;
  /** What a person would look at to tell whether all is as before. */
  look(): Look;
  containers(): readonly { name: string; role: string | undefined; state: string }[];
}

export interface Look {
  readonly replicas: readonly string[];
  readonly ingresses: readonly { readonly container: string; readonly ready: readonly string[] | undefined }[];
  readonly composeContainers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

export function scriptedEngine(): ScriptedEngine {
  const containers = new Map<string, Container>();
  const networks = scriptedNetworks();
  const files = scriptedFiles();
  const events = scriptedEvents();
  const volumes = new Map<string, Readonly<Record<string, string>>>();
  const images = new Map<string, Partial<ImageDetails>>(
    [BASE_IMAGES.debian, 'app:1', 'app:2', 'db:1', 'db:2', 'job:1', 'job:2'].map((name) => [name, {}]),
  );
  const calls: string[] = [];
  let failure: { call: number; when: 'before' | 'after' } | undefined;
  let made = 0;

  let underWay = 0;
  const call = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
    underWay += 1;
    return answer(name, act).finally(() => {
      underWay -= 1;
    });
  };
  const answer = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
    calls.push(name);
    const fails = failure?.call === calls.length ? failure.when : undefined;
    // As over a socket: nothing is answered in the same turn.
    await new Promise(setImmediate);
    const refused = new LobbieError('ENGINE_ERROR', `Could not ${name}: told to fail.`);
    if (fails === 'before') throw refused;
    const result = await act();
    if (fails === 'after') throw refused;
    return result;
  };
  /** The name of an image. By its id, it is found by any name that it has. */
  const findImage = (asked: string): string | undefined =>
    [...images.keys()].find((name) => asked === (images.get(name)?.id ?? `sha256:${name}`)) ??
    (images.has(asked) ? asked : undefined);
  const find = (key: string): Container | undefined =>
    containers.get(key) ?? [...containers.values()].find(({ spec }) => spec.name === key);
  const get = (key: string): Container => {
    const found = find(key);
    if (found === undefined) throw new LobbieError('ENGINE_ERROR', `No such container: ${key}`);
    return found;
  };
  const running = (key: string): Container => {
    const found = get(key);
    if (found.state !== 'running') throw new LobbieError('ENGINE_ERROR', `Container ${key} is not running`);
    return found;
  };
  const placeOf = ({ id, spec }: Container, path: string): Place => {
    const mount = spec.mounts?.find(({ target }) => path === target || path.startsWith(`${target}/`));
    if (mount === undefined) return { store: id, path, open: true };
    const source = mount.kind === 'tmpfs' ? undefined : mount.source;
    const store = source ?? anonymousName(id, mount.target);
    return { store, path: path.slice(mount.target.length) || '/', open: mount.kind !== 'volume' };
  };
  const configOf = (container: Container): string => files.text(placeOf(container, `${CONFIG_DIRECTORY}/haproxy.cfg`));
  const end = (container: Container, exitCode = container.exitCode): void => {
    if (container.state !== 'running') return;
    const { id, spec, ended } = container;
    container.haproxy?.stop();
    container.state = 'exited';
    container.exitCode = exitCode;
    events.emit({ containerId: id, kind: 'died', exitCode }, spec.labels);
    for (const tell of ended) tell(exitCode);
    if (spec.autoRemove) remove(container);
    container.attached?.destroy();
  };
  const remove = ({ id, spec }: Container, keepVolumes = false): void => {
    containers.delete(id);
    if (keepVolumes) return;
    for (const mount of spec.mounts ?? []) {
      if (mount.kind !== 'volume' || mount.source !== undefined) continue;
      const name = anonymousName(id, mount.target);
      if (!isUsed(name)) removeVolume(name);
    }
  };
  const removeVolume = (name: string): void => {
    volumes.delete(name);
    files.removeStore(name);
  };
  const isUsed = (volume: string): boolean =>
    [...containers.values()].some((one) => one.volumes.some(({ name }) => name === volume));
  const isTaken = (address: string): boolean =>
    [...containers.values()].some((one) => one.state === 'running' && Object.values(one.addresses).includes(address));
  const addressOf = (name: string): string | undefined => {
    const found = find(name);
    return found?.state === 'running' ? Object.values(found.addresses)[0] : undefined;
  };
  const roleOf = ({ spec }: Container): string | undefined => spec.labels[LABEL.role];
  const describe = ({
    id,
    imageId,
    spec,
    state,
    addresses,
    ports,
    volumes: own,
    exitCode,
  }: Container): ContainerDetails => ({
    id,
    name: spec.name,
    image: spec.image,
    imageId,
    labels: spec.labels,
    state,
    health: 'none',
    addresses: state === 'running' ? addresses : {},
    heldAddresses: Object.fromEntries(
      spec.networks.map(({ name, ipv4Address = state === 'running' ? addresses[name] : undefined }) => [
        name,
        ipv4Address === undefined ? [] : [ipv4Address],
      ]),
    ),
    ports: state === 'running' ? ports : [],
    startedAtMs: state === 'created' ? undefined : 1,
    finishedAtMs: state === 'exited' ? 2 : undefined,
    exitCode: state === 'exited' ? exitCode : undefined,
    oomKilled: false,
    restartCount: 0,
    error: '',
    healthcheck: spec.healthcheck,
    restart: spec.restart ?? { name: 'no' },
    volumes: own,
    lastHealthOutput: undefined,
  });
  const start = (container: Container): void => {
    if (container.state === 'running') return;
    networks.check(container.spec);
    const others = [...containers.values()].filter(({ state }) => state === 'running').flatMap((one) => one.ports);
    const ports = (container.spec.ports ?? []).map(({ target, published, protocol, hostIp = '0.0.0.0' }) => ({
      hostIp,
      published: published === 0 ? FIRST_FREE_PORT + others.length : published,
      target,
      protocol,
    }));
    const clash = others.find((one) =>
      ports.some(({ published, protocol }) => published === one.published && protocol === one.protocol),
    );
    if (clash) throw new LobbieError('PORT_IN_USE', `Another container has the port ${clash.published}.`);
    for (const { ipv4Address } of container.spec.networks)
      if (ipv4Address !== undefined && isTaken(ipv4Address))
        throw new LobbieError('ENGINE_ERROR', `Another container has the address ${ipv4Address}.`);
    container.ports = ports;
    container.addresses = networks.addressesOf(container.spec, isTaken);
    container.state = 'running';
    const exitCode = engine.exitOf(container.spec);
    if (exitCode !== undefined) end(container, exitCode);
    // As on an engine: a program whose input has ended reads its end.
    else if (container.attached?.destroyed) end(container);
    else if (roleOf(container) === 'ingress')
      container.haproxy = scriptedHaproxy(configOf(container), container.id.slice(0, 12), addressOf);
  };

  /** What is answered at the address at the end of a line of socat. */
  const replicaAt = (line: string): string | undefined => {
    const [, address = '', port] = /TCP:([\d.]+):(\d+)/.exec(line) ?? [];
    const container = [...containers.values()].find(
      (one) => one.state === 'running' && Object.values(one.addresses).includes(address),
    );
    return container && engine.answerOf(container.spec, Number(port));
  };

  const engine: ScriptedEngine = {
    endpoint: { url: 'tcp://engine:2375', chosenBy: 'the test', local: false },
    calls,
    failAt: (number, when) => {
      failure = { call: calls.length + number, when };
    },
    async settled() {
      for (let quiet = 0; quiet < 20; quiet = underWay === 0 ? quiet + 1 : 0) await new Promise(setImmediate);
    },
    mend: () => {
      failure = undefined;
    },
    healthOf: () => 0,
    exitOf: () => undefined,
    warningsOf: () => [],
    logOf: () => [],
    answerOf: ({ name }) => httpAnswer(`{"file":"include-me-${name}.txt"}`),
    images,
    containers: () =>
      [...containers.values()].map((one) => ({ name: one.spec.name, role: roleOf(one), state: one.state })),
    look: () => ({
      replicas: [...containers.values()]
        .filter((one) => roleOf(one) === 'replica')
        .map(({ spec, state }) => `${spec.name} ${state}`)
        .toSorted(),
      ingresses: [...containers.values()]
        .filter((one) => roleOf(one) === 'ingress')
        .map(({ spec, state, haproxy }) => ({
          container: `${spec.name} ${state}`,
          ready: state === 'running' ? haproxy?.ready() : undefined,
        })),
      composeContainers: [...containers.values()]
        .filter((one) => roleOf(one) === undefined)
        .map(({ spec, state }) => `${spec.name} ${state}`)
        .toSorted(),
      networks: [...networks.all.keys()],
      volumes: [...volumes.keys()].filter((name) => !name.includes('lobbie')),
    }),
    info: () =>
      call('ask for the version', () => ({
        version: '28.5',
        apiVersion: '1.51',
        cpus: 2,
        memoryBytes: 1e9,
        name: 'engine-host',
        selinux: false,
        cgroups: true,
        volumeSubpaths: true,
        rootless: false,
      })),
    listContainers: (labels) =>
      call('list containers', () =>
        [...containers.values()]
          .filter(({ spec }) => Object.entries(labels).every(([name, value]) => spec.labels[name] === value))
          .map(describe),
      ),
    listAllContainers: () => call('list all containers', () => [...containers.values()].map(describe)),
    inspectContainer: (key) =>
      call(`inspect ${key}`, () => {
        const found = find(key);
        return found && describe(found);
      }),
    createContainer: (spec, warn) =>
      call(`create ${spec.name}`, () => {
        if (find(spec.name)) throw new LobbieError('NAME_TAKEN', `${spec.name} is taken.`);
        networks.check(spec);
        if (findImage(spec.image) === undefined) throw new LobbieError('ENGINE_ERROR', `No such image: ${spec.image}`);
        made += 1;
        for (const words of engine.warningsOf(spec)) warn?.(words);
        // As on an engine: what an image is labelled with, its containers are.
        const labels = { ...images.get(spec.image)?.labels, ...spec.labels };
        const id = made.toString(16).padStart(64, 'c');
        const own = (spec.mounts ?? []).flatMap((mount) =>
          mount.kind === 'volume'
            ? [{ name: mount.source ?? anonymousName(id, mount.target), target: mount.target, labels: mount.labels }]
            : [],
        );
        for (const { name, labels: given = {} } of own) if (!volumes.has(name)) volumes.set(name, given);
        const imageId = images.get(spec.image)?.id ?? `sha256:${spec.image.replace(/^sha256:/, '')}`;
        containers.set(id, {
          id,
          imageId,
          spec: { ...spec, labels },
          state: 'created',
          exitCode: 0,
          volumes: own.map(({ name, target }) => ({ name, target })),
          addresses: {},
          ports: [],
          ended: new Set(),
        });
        return id;
      }),
    startContainer: (key) =>
      call(`start ${key}`, () => start(get(key))).catch((error: unknown) => {
        // As an engine does with such a container that it cannot start.
        const found = find(key);
        if (found?.spec.autoRemove && found.state === 'created') remove(found);
        throw error;
      }),
    stopContainer: (key) =>
      call(`stop ${key}`, () => {
        const found = find(key);
        if (found) end(found);
      }),
    waitContainer: async (key, signal) => {
      const { state, exitCode, ended } = await call(`wait for ${key}`, () => get(key));
      if (state !== 'running') return exitCode;
      // No call is under way: this may last as long as the container.
      return new Promise((resolve, reject) => {
        ended.add(resolve);
        const abort = () => reject(new LobbieError('INTERRUPTED', `Interrupted: did not wait for ${key}.`));
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort);
      });
    },
    setRestartPolicy: (key, restart) =>
      call(`set the restart policy of ${key}`, () => {
        const found = find(key);
        if (found) found.spec = { ...found.spec, restart };
      }),
    renameContainer: (key, name) =>
      call(`rename ${key}`, () => {
        if (find(name)) throw new LobbieError('NAME_TAKEN', `${name} is taken.`);
        const found = get(key);
        found.spec = { ...found.spec, name };
      }),
    removeContainer: (key, { force = false, keepVolumes = false } = {}) =>
      call(`remove ${key}`, () => {
        const found = find(key);
        if (found === undefined) return;
        if (found.state === 'running' && !force)
          throw new LobbieError('ENGINE_ERROR', `Container ${key} is running: stop it, or remove it by force.`);
        end(found);
        remove(found, keepVolumes);
        found.attached?.destroy();
      }),
    exec: (key, argv) =>
      call(`exec ${argv[0]}`, () => {
        const container = running(key);
        const line = argv.join(' ');
        if (argv[0] === 'socat') return { exitCode: replicaAt(line) === undefined ? 1 : 0, output: '' };
        if (line.includes("'reload'")) {
          container.haproxy?.reload(configOf(container));
          return { exitCode: 0, output: 'Success=1\n' };
        }
        return { exitCode: argv[0] === 'healthy?' ? engine.healthOf(container.spec) : 0, output: '' };
      }),
    openExec: (key, argv) =>
      call(`open exec ${argv[0]}`, () => {
        const { haproxy } = running(key);
        if (haproxy && argv.at(-1)?.startsWith('UNIX-CONNECT:')) return haproxy.converse();
        return answering(replicaAt(argv.join(' ')) ?? '');
      }),
    attach: (key) =>
      call(`attach to ${key}`, () => {
        const container = get(key);
        const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
        stream.on('close', () => end(container));
        container.attached = stream;
        return stream;
      }),
    async *readFiles(key, path, limits) {
      yield* await call(`read ${path}`, () => files.read(placeOf(get(key), path), limits));
    },
    statFile: (key, path) => call(`stat ${path}`, () => files.stat(placeOf(get(key), path))),
    writeFiles: (key, directory, entries) =>
      call(`write ${entries.map(({ name }) => name).join(' ')}`, () => {
        const container = get(key);
        for (const entry of entries) files.write(placeOf(container, directory), entry);
      }),
    async *logs(key) {
      const { spec } = await call('read logs', () => get(key));
      for (const text of engine.logOf(spec)) yield { timeMs: 0, stream: 'stdout', text };
    },
    stats: () => call('read stats', () => undefined),
    events: events.listen,
    inspectImage: (asked) =>
      call(`inspect image ${asked}`, () => {
        const reference = findImage(asked) ?? asked;
        return images.has(reference)
          ? {
              id: `sha256:${reference}`,
              user: '1000:1000',
              exposedPorts: [],
              volumes: [],
              hasHealthcheck: false,
              labels: {},
              empty: false,
              ...images.get(reference),
            }
          : undefined;
      }),
    pullImage: (reference) => call(`pull ${reference}`, () => void images.set(reference, {})),
    buildImage: ({ tags }) =>
      call('build', () => {
        for (const tag of tags) images.set(tag, {});
      }),
    importEmptyImage: (reference) =>
      call('import', () => {
        images.set(reference, { empty: true });
        return reference;
      }),
    removeImage: (reference) => call(`remove image ${reference}`, () => void images.delete(reference)),
    tagImage: (image, reference) =>
      call(`tag ${image} ${reference}`, () => void images.set(reference, images.get(image) ?? {})),
    saveImage: (reference) => call(`save ${reference}`, () => Readable.from([])),
    loadImage: () => call('load an image', () => undefined),
    inspectNetwork: (name) => call(`inspect network ${name}`, () => networks.find(name)),
    listNetworks: (labels) =>
      call('list networks', () =>
        [...networks.all]
          .filter(([, own]) => Object.entries(labels).every(([name, value]) => own.labels[name] === value))
          .map(([name, own]) => ({ name, ...own })),
      ),
    createNetwork: (spec) => call(`create network ${spec.name}`, () => networks.create(spec)),
    removeNetwork: (name) =>
      call(`remove network ${name}`, () => {
        const isInside = (one: Container) => one.state === 'running' && name in one.addresses;
        if ([...containers.values()].some(isInside))
          throw new LobbieError('ENGINE_ERROR', `Network ${name} has active endpoints.`);
        networks.remove(name);
      }),
    createVolume: ({ name, labels }) =>
      call(`create volume ${name}`, () => void (volumes.has(name) || volumes.set(name, labels))),
    removeVolume: (name) =>
      call(`remove volume ${name}`, () => {
        if (isUsed(name)) throw new LobbieError('ENGINE_ERROR', `Volume ${name} is in use.`);
        removeVolume(name);
      }),
    listVolumes: (labels) =>
      call('list volumes', () =>
        [...volumes]
          .filter(([, own]) => Object.entries(labels).every(([name, value]) => own[name] === value))
          .map(([name, own]) => ({ name, labels: own })),
      ),
    inspectVolume: (name) =>
      call(`inspect volume ${name}`, () => {
        const labels = volumes.get(name);
        return labels && { labels };
      }),
    close: () => undefined,
  };
  return engine;
}

/** The first host port that a container gets which asks for any. */
const FIRST_FREE_PORT = 32_768;

/** Name of the volume that a mount without a source gets. */
const anonymousName = (id: string, target: string): string => `${id} ${target}`;

/** An answer in HTTP with this JSON. */
export const httpAnswer = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;

/** A connection to a replica that answers one request. */
function answering(text: string): Duplex {
  return new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      this.push(text);
      this.push(null);
      done();
    },
  });
}
