import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Locate, Position } from '../problem.ts';
import type { YamlDocument, YamlFile } from '../yaml/read-yaml.ts';

interface Found {
  /** How much of the path was found, in characters. */
  readonly length: number;
  readonly position: Position;
}

/** A service and the service that it extends: values of the first may be in the second. */
export interface Origin {
  /** `services.web` */
  readonly from: string;
  /** `services.base` */
  readonly to: string;
  /** The file with the extended service. */
  readonly file: string;
}

/**
 * Finds places in these files: in the one that contains most of the path, the last of several; then in extended
 * services. An index counts through the lists of all files, because merging joins lists. Nothing is computed in
 * advance, because most files have no problem.
 */
export function locateIn(files: readonly YamlFile[], origins: readonly Origin[] = []): Locate {
  return (path) => find(files, origins, path, 0)?.position;
}

/** Longer than any reasonable chain of extends. */
const MAX_CHAIN = 20;

function find(files: readonly YamlFile[], origins: readonly Origin[], path: string, depth: number): Found | undefined {
  let best = findInJoined(files, path);
  if (depth >= MAX_CHAIN || best?.length === path.length) return best;
  for (const { from, to, file } of origins) {
    if (!`${path}.`.startsWith(`${from}.`)) continue;
    const there = files.filter((candidate) => candidate.file === file);
    const found = find(there, origins, to + path.slice(from.length), depth + 1);
    const length = (found?.length ?? 0) + from.length - to.length;
    if (found !== undefined && length > (best?.length ?? 0)) best = { length, position: found.position };
  }
  return best;
}

function findInJoined(files: readonly YamlFile[], path: string): Found | undefined {
  const [list, digits] = /^[^[]*\[(\d+)\]/.exec(path) ?? [];
  const before = list?.slice(0, -`[${digits}]`.length) ?? '';
  let index = Number(digits);
  let best: Found | undefined;
  for (const file of files) {
    for (const document of file.documents) {
      const size = list === undefined ? undefined : sizeOfList(document, file, before);
      const own = size === undefined || list === undefined ? path : `${before}[${index}]${path.slice(list.length)}`;
      const found = locateInDocument(document, file, own);
      if (size !== undefined) index -= size;
      if (found === undefined) continue;
      const length = found.length + (found.length > before.length ? path.length - own.length : 0);
      if (best === undefined || length >= best.length) best = { length, position: found.position };
    }
  }
  return best;
}

/** The number of items in the list at a path; undefined if the document has no such list. */
function sizeOfList(document: YamlDocument, file: YamlFile, path: string): number | undefined {
  const found = locateInDocument(document, file, path);
  if (found === undefined || found.length < path.length) return undefined;
  const node = isAlias(found.node) ? document.aliases.get(found.node) : found.node;
  return isSeq(node) ? node.items.length : undefined;
}

function locateInDocument(
  { aliases, contents }: YamlDocument,
  { file, lines }: YamlFile,
  path: string,
): (Found & { readonly node: Node | null | undefined }) | undefined {
  const resolve = (node: Node | null | undefined): Node | null | undefined =>
    isAlias(node) ? aliases.get(node) : node;
  let node: Node | null | undefined = contents;
  let start = contents?.range?.[0];
  let position = 0;
  while (position < path.length) {
    const rest = path.slice(position);
    const target = resolve(node);
    const step = isMap(target)
      ? stepIntoMap(target.items as Pair<Node, Node | null>[], rest, resolve, 0)
      : isSeq(target)
        ? stepIntoList(target.items, rest)
        : undefined;
    if (step === undefined) break;
    position += step.length;
    node = step.node;
    start = step.start;
  }
  if (start === undefined || start === null) return undefined;
  const { line, col } = lines.linePos(start);
  return { length: position, position: { file, line, column: col }, node };
}

interface Step {
  readonly node: Node | null;
  readonly start: number | undefined;
  readonly length: number;
}

type Resolve = (node: Node | null | undefined) => Node | null | undefined;

/** The longest key that the path continues with; keys can contain dots. */
function stepIntoMap(
  items: readonly Pair<Node, Node | null>[],
  rest: string,
  resolve: Resolve,
  depth: number,
): Step | undefined {
  let best: Step | undefined;
  for (const { key, value } of items) {
    if (!isScalar(key)) continue;
    const name = key.source ?? '';
    if (name === '<<' && depth < 5) {
      best = longer(best, stepIntoMerge(resolve(value), rest, resolve, depth + 1));
      continue;
    }
    const length = matched(rest, name);
    if (length > 0) best = longer(best, { node: value, start: key.range?.[0], length }, true);
  }
  return best;
}

function stepIntoMerge(
  target: Node | null | undefined,
  rest: string,
  resolve: Resolve,
  depth: number,
): Step | undefined {
  if (isMap(target)) return stepIntoMap(target.items as Pair<Node, Node | null>[], rest, resolve, depth);
  if (!isSeq(target)) return undefined;
  let best: Step | undefined;
  for (const item of target.items) best = longer(best, stepIntoMerge(resolve(item as Node), rest, resolve, depth));
  return best;
}

const longer = (a: Step | undefined, b: Step | undefined, orEqual = false): Step | undefined =>
  a === undefined || (b !== undefined && (b.length > a.length || (orEqual && b.length === a.length))) ? b : a;

/** An item by index or by name: the name in `name=value` or `name:target`, or the source or target of a map. */
function stepIntoList(items: readonly unknown[], rest: string): Step | undefined {
  const index = /^\[(\d+)\](?:\.|(?=\[)|$)/.exec(rest);
  if (index !== null) {
    const item = items[Number(index[1])];
    return item === undefined ? undefined : toStep(item, index[0].length);
  }
  for (const item of items) {
    for (const name of namesOf(item)) {
      const length = matched(rest, name);
      if (length > 0) return toStep(item, length);
    }
  }
  return undefined;
}

const NAMING_KEYS: readonly unknown[] = ['source', 'target', 'host_ip'];

function namesOf(item: unknown): string[] {
  if (isMap(item)) {
    const pairs = item.items.filter(({ key }) => isScalar(key) && NAMING_KEYS.includes(key.source));
    return pairs.flatMap(({ value }) => (isScalar(value) ? [value.source ?? ''] : []));
  }
  if (!isScalar(item)) return [];
  const { source = '' } = item;
  return [source, ...source.split('=', 1), ...source.split(':', 1)];
}

// Items of a parsed sequence are nodes, or pairs in flow style.
const toStep = (item: unknown, length: number): Step => {
  const node = isPair(item) ? (item.key as Node) : (item as Node);
  return { node, start: node.range?.[0], length };
};

/** The length of this name in the path, including the dot after it; 0 if the path does not continue with it. */
function matched(rest: string, name: string): number {
  if (name === '' || !rest.startsWith(name)) return 0;
  const next = rest[name.length];
  if (next === undefined || next === '[') return name.length;
  return next === '.' ? name.length + 1 : 0;
}
