import { posix } from 'node:path';
import { isConfigFile } from '../../model/mount.ts';
import { namesOf } from '../../model/names-of.ts';
import type { Service, ServiceFile } from '../../model/service.ts';
import type { ComposeConfig } from '../compose-config.ts';
import { asksForEach, findAddress } from './addresses.ts';
import type { Reading } from './reading.ts';

/** Larger files are not configuration. */
const MOST_BYTES = 256 * 1024;
/** The most files read per directory. A directory with more is not configuration. */
const MOST_FILES = 50;

/**
 * Adds to each service what the others say about it: whether they share a network, and whether they use its name as a
 * host in `depends_on`, `links`, environment, command, labels, configs or mounted files.
 */
export async function addressServices(
  reading: Pick<Reading, 'config' | 'directory' | 'local' | 'readFile' | 'readDirectory'>,
  services: readonly Service[],
): Promise<Service[]> {
  const texts = new Map(
    await Promise.all(services.map(async (service) => [service.name, await textsOf(reading, service)] as const)),
  );
  return services.map((service) => {
    const others = services.filter((one) => one !== service);
    // The file does not say who else is on an external network.
    const shared = others.some((one) => isNear(one, service)) || isOutside(service, reading.config);
    const addressesOf = (from: Service, to: Service) =>
      addressesIn(from, to, reading.config, texts.get(from.name) ?? []);
    const addresses = others.flatMap((one) => addressesOf(one, service));
    const calls = others.filter((one) => addressesOf(service, one).length > 0).map(({ name }) => name);
    const lookedUpBy = services.flatMap((one) => (looksUp(one, service, texts.get(one.name) ?? []) ? [one.name] : []));
    return {
      ...service,
      ...(lookedUpBy.length > 0 && { lookedUpBy }),
      ...(shared && { shared }),
      ...(calls.length > 0 && { calls }),
      ...(addresses.length > 0 && { addressed: [...new Set(addresses.flat())].toSorted((a, b) => a - b) }),
    };
  });
}

/** Whether one service needs the address of each replica of another, or of itself, as members of a cluster do. */
function looksUp(from: Service, to: Service, texts: readonly string[]): boolean {
  if (from !== to) return texts.some((text) => asksForEach(text, to.name));
  const { command = [], environment } = from;
  const own = [command.join(' '), ...Object.values(environment).filter((value) => value !== null)];
  return to.replicas > 1 && own.some((text) => (findAddress(text, to.name)?.ports.length ?? 0) > 0);
}

const isOutside = ({ networks }: Service, config: ComposeConfig): boolean =>
  networks.some(({ key }) => config.networks?.[key]?.external === true);

const isNear = (one: Service, other: Service): boolean =>
  one.networks.some(({ key }) => other.networks.some((network) => network.key === key));

/** The ports that one service names with another; one item for each place with the name, with or without a port. */
function addressesIn(
  { name, dependsOn }: Service,
  to: Service,
  { services }: ComposeConfig,
  texts: readonly string[],
): (readonly number[])[] {
  const linked = services[name]?.links?.some((link) => link.split(':')[0] === to.name) === true;
  const waited = dependsOn.some(({ service }) => service === to.name) && !to.job;
  const found = namesOf(to).flatMap((host) => texts.flatMap((text) => findAddress(text, host) ?? []));
  const unnamed = linked || waited ? [[]] : [];
  return [...unnamed, ...found.map(({ ports }) => ports)];
}

/** All texts of a service that may name other services. */
async function textsOf(
  reading: Pick<Reading, 'directory' | 'local' | 'readFile' | 'readDirectory'>,
  { environment, entrypoint = [], command = [], labels, healthcheck, mounts, files }: Service,
): Promise<string[]> {
  const sources = reading.local ? mounts.flatMap((one) => (one.kind === 'bind' ? [one.source] : [])) : [];
  const read = await Promise.all(sources.map((path) => mountedTexts(reading, path)));
  return [
    ...Object.values(environment).filter((value) => value !== null),
    [...entrypoint].join(' '),
    [...command].join(' '),
    ...Object.values(labels),
    (healthcheck?.test ?? []).join(' '),
    ...files.flatMap(({ content }: ServiceFile) => plainText(Buffer.from(content, 'base64'))),
    ...read.flat(),
  ];
}

/** The content of a file, or of the files directly in a directory such as `conf.d`. */
async function mountedTexts(
  { directory, readFile, readDirectory }: Pick<Reading, 'directory' | 'readFile' | 'readDirectory'>,
  source: string,
): Promise<string[]> {
  // The project directory contains the files of every service.
  const isWhole = directory === source || directory.startsWith(source.endsWith('/') ? source : `${source}/`);
  const isFile = isReadable(source) || isWhole;
  const names = isFile ? undefined : await readDirectory(source).catch(() => undefined);
  const paths = names?.map((name) => posix.join(source, name)) ?? [source];
  const read = await Promise.all(
    paths
      .filter(isReadable)
      .slice(0, MOST_FILES)
      .map(async (path) => {
        const bytes = await readFile(path).catch(() => undefined);
        return bytes === undefined ? [] : plainText(bytes);
      }),
  );
  return read.flat();
}

/** Data and sockets are mounted too. Only files named like a configuration or a script are read. */
const isReadable = (path: string): boolean =>
  isConfigFile(path) || /\.(?:json|lua|m?js|ts|py|rb|php|sh|list)$/i.test(path);

const plainText = (bytes: Buffer): string[] =>
  bytes.length > MOST_BYTES || bytes.includes(0) ? [] : [bytes.toString('utf8')];
