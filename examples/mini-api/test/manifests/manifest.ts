import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** One object of a cluster, as a file has it: what it is, and anything else. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Strings };
  readonly [key: string]: unknown;
}

type Strings = Readonly<Record<string, string>>;

/** Every object of a YAML file. @throws Error where one is not YAML or is no object with a kind and a name */
export const readManifests = (file: string): Manifest[] => parseManifests(readFileSync(file, 'utf8'));

/** Every object of a YAML text, as {@link readManifests}. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    const value: unknown = document.toJS();
    if (!isManifest(value)) throw new Error(`not an object of a cluster: ${JSON.stringify(value)}`);
    return value;
  });
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Manifest>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
}

/** The value at a path such as `spec.containers.0.image`; undefined where there is none. */
export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
