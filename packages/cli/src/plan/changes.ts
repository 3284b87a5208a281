import type { Mount } from '../model/mount.ts';
import { isSecret } from '../model/secrets.ts';
import type { PublishedPort, Service, ServiceFile } from '../model/service.ts';

/**
 * The differences between two definitions of a service, one a line: `environment.LOG_LEVEL: "info" → "debug"`. Secret
 * values and file contents are shown by name only. Empty if there was no service before.
 */
export function changesOf(before: Service | undefined, after: Service): string[] {
  if (before === undefined) return [];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(isKey);
  return keys.flatMap((key) => {
    if (key === 'build') return [];
    if (key === 'files') return fileChanges(before.files, after.files);
    if (key === 'ports') return listChanges(key, before.ports, after.ports, portText);
    if (key === 'mounts') return listChanges('volumes', before.mounts, after.mounts, mountText);
    if (key === 'networks') return listChanges(key, before.networks, after.networks, (network) => network.key);
    if (key === 'dependsOn')
      return listChanges('depends_on', before.dependsOn, after.dependsOn, ({ service }) => service);
    return valueChanges(WORDS[key] ?? key, before[key], after[key]);
  });
}

/** The reason of a step: the change itself if there is one short change, otherwise the names of the changed keys. */
export const inFewWords = (changes: readonly string[]): string => {
  const [only] = changes;
  if (only === undefined) return 'the service changed';
  if (changes.length === 1 && only.length <= FEW) return only;
  const names = [...new Set(changes.map((change) => change.replace(/(: .*| changed| is new| is gone)$/s, '')))];
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES);
  return more > 0 ? `${shown.join(', ')} and ${more} more changed` : `${shown.join(' and ')} changed`;
};

const FEW = 60;
const MOST_NAMES = 2;

/** The names in Compose, where they differ. */
const WORDS: Partial<Record<keyof Service, string>> = {
  pullPolicy: 'pull_policy',
  containerName: 'container_name',
  workingDir: 'working_dir',
  exposesUdp: 'expose',
  networkMode: 'network_mode',
  stopSignal: 'stop_signal',
  stopGracePeriodMs: 'stop_grace_periodMs',
  update: 'deploy.update_config',
  rollback: 'deploy.rollback_config',
  settings: '',
  ingress: 'x-lobbie.ingress',
  report: 'x-lobbie.report',
  discovery: 'x-lobbie.discovery',
};

const KEYS: ReadonlySet<string> = new Set<keyof Service>([
  'image',
  'build',
  'pullPolicy',
  'platform',
  'replicas',
  'containerName',
  'entrypoint',
  'command',
  'environment',
  'labels',
  'user',
  'workingDir',
  'mounts',
  'files',
  'networks',
  'networkMode',
  'ports',
  'expose',
  'exposesUdp',
  'healthcheck',
  'restart',
  'stopSignal',
  'stopGracePeriodMs',
  'settings',
  'dependsOn',
  'update',
  'rollback',
  'ingress',
  'report',
  'discovery',
]);
const isKey = (key: string): key is keyof Service => KEYS.has(key);

/** Compares maps key by key, everything else as a whole. */
function valueChanges(path: string, before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => valueChanges(below(path, key), before[key], after[key]));
  }
  const name = without(path);
  const key = path.slice(path.indexOf('.') + 1);
  if ([before, after].some((value) => isSecretValue(key, value))) return [`${name} changed`];
  if (before === undefined) return [`${name}: ${show(path, after)} is new`];
  if (after === undefined) return [`${name}: ${show(path, before)} is gone`];
  const [from, to] = [show(path, before), show(path, after)];
  return [from === to || from.length + to.length > LONG ? `${name} changed` : `${name}: ${from} → ${to}`];
}

/** The parts of a command are checked one by one. */
const isSecretValue = (key: string, value: unknown): boolean =>
  Array.isArray(value)
    ? value.some((item) => isSecretValue('', item))
    : typeof value === 'string' && isSecret(key, value);

/** Users choose the keys of variables and labels. */
const below = (path: string, key: string): string => {
  const name = ['environment', 'labels'].includes(path) || key.endsWith(MS) ? key : snake(key);
  return path === '' ? name : `${path}.${name}`;
};

const LONG = 160;

function fileChanges(before: readonly ServiceFile[], after: readonly ServiceFile[]): string[] {
  const nameOfFile = ({ kind, name }: ServiceFile): string => `${kind} ${name}`;
  const names = [...new Set([...before, ...after].map(nameOfFile))];
  return names.flatMap((name) => {
    const [old, now] = [before, after].map((files) => files.filter((file) => nameOfFile(file) === name));
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    if (old?.length === 0) return [`${name} is new`];
    return [now?.length === 0 ? `${name} is gone` : `${name} changed`];
  });
}

/** A value as written in the file, if it is short. */
function show(path: string, value: unknown): string {
  if (typeof value === 'string') return path === 'image' ? value : JSON.stringify(value);
  if (typeof value === 'number') return path.endsWith(MS) ? `${value / 1000}s` : String(value);
  return JSON.stringify(value);
}

const MS = 'Ms';
const without = (path: string): string => (path.endsWith(MS) ? snake(path.slice(0, -MS.length)) : path);

const portText = ({ hostIp, published, publishedEnd, target, protocol }: PublishedPort): string =>
  [
    hostIp === undefined ? '' : `${hostIp}:`,
    published === 0 ? '' : `${published}${publishedEnd === undefined ? '' : `-${publishedEnd}`}:`,
    target,
    protocol === 'tcp' ? '' : `/${protocol}`,
  ].join('');

const mountText = (mount: Mount): string =>
  [
    mount.kind === 'tmpfs' ? 'tmpfs' : (mount.source ?? 'anonymous'),
    mount.target,
    ...(mount.kind !== 'tmpfs' && mount.readOnly ? ['ro'] : []),
  ].join(':');

/** Items added to and removed from a list. Differences that the texts do not show are only named. */
function listChanges<T>(path: string, before: readonly T[], after: readonly T[], text: (one: T) => string): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [old, now] = [before.map(text), after.map(text)];
  const gone = old.filter((one) => !now.includes(one));
  const come = now.filter((one) => !old.includes(one));
  if (gone.length === 1 && come.length === 1) return [`${path}: ${gone[0]} → ${come[0]}`];
  if (gone.length + come.length === 0) return [`${path} changed`];
  return [...gone.map((one) => `${path}: ${one} is gone`), ...come.map((one) => `${path}: ${one} is new`)];
}

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
