import type { Service, ServiceFile } from '../model/project.ts';
import { isSecret } from '../model/secrets.ts';

/**
 * What differs between two descriptions of a service, a line each: `environment.LOG_LEVEL: "info" → "debug"`. Secret
 * values and the contents of files are told by name only. Empty where there was none before.
 */
export function changesOf(before: Service | undefined, after: Service): string[] {
  if (before === undefined) return [];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(isKey);
  return keys.flatMap((key) => {
    if (key === 'build') return [];
    if (key === 'files') return fileChanges(before.files, after.files);
    return valueChanges(WORDS[key] ?? key, before[key], after[key]);
  });
}

/** The change where there is one and it is short, for the reason of a step. */
export const inFewWords = (changes: readonly string[]): string => {
  const [only = ''] = changes;
  return changes.length === 1 && only.length <= FEW ? only : 'the service changed';
};

const FEW = 60;

/** Names of Compose where ours differ. */
const WORDS: Partial<Record<keyof Service, string>> = {
  pullPolicy: 'pull_policy',
  containerName: 'container_name',
  workingDir: 'working_dir',
  mounts: 'volumes',
  networkMode: 'network_mode',
  stopSignal: 'stop_signal',
  stopGracePeriodMs: 'stop_grace_period',
  dependsOn: 'depends_on',
  update: 'deploy.update_config',
  rollback: 'deploy.rollback_config',
  settings: '',
  ingress: 'x-lobbie.ingress',
  report: 'x-lobbie.report',
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
]);
const isKey = (key: string): key is keyof Service => KEYS.has(key);

/** Maps are compared key by key, everything else as a whole. */
function valueChanges(path: string, before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      valueChanges(path === '' ? snake(key) : `${path}.${nameOf(path, key)}`, before[key], after[key]),
    );
  }
  const name = path.slice(path.indexOf('.') + 1);
  if ([before, after].some((value) => typeof value === 'string' && isSecret(name, value))) return [`${path} changed`];
  if (before === undefined) return [`${path}: ${show(path, after)} is new`];
  if (after === undefined) return [`${path}: ${show(path, before)} is gone`];
  const [from, to] = [show(path, before), show(path, after)];
  return [from === to || from.length + to.length > LONG ? `${path} changed` : `${path}: ${from} → ${to}`];
}

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

const show = (path: string, value: unknown): string =>
  typeof value === 'string' && path !== 'image'
    ? JSON.stringify(value)
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

/** Keys of variables and labels are the user's own. */
const nameOf = (path: string, key: string): string => (['environment', 'labels'].includes(path) ? key : snake(key));

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
