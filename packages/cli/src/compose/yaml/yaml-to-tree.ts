import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Scalar,
} from 'yaml';
import { formatPath, type Path, type Problem } from '../problem.ts';
import { shownKind } from '../schema/shown.ts';
import { isMap as isTreeMap, newMap, type Tree, type TreeMap } from '../tree.ts';
import type { Aliases } from './follow-aliases.ts';
import { resolvePlain, resolveTagged } from './resolve-scalar.ts';

/** The most values that aliases and merge keys may add. Real files use a few thousand. */
const MAX_EXPANDED = 100_000;
const MAX_DEPTH = 200;

interface Conversion {
  readonly aliases: Aliases;
  readonly file: string;
  readonly lines: LineCounter;
  readonly problems: Problem[];
  readonly dropped: Path[];
  /** Aliased nodes being converted now. Meeting one of them again is a cycle. */
  readonly open: Set<Node>;
  /** The end of the text if it has no final line break. A block that ends there has none either. */
  readonly openEnd: number | undefined;
  expanded: number;
}

/** A value, or undefined if the node is marked `!reset` or cannot be read. */
type Converted = Tree | undefined;

/**
 * The values of a parsed document as Docker Compose reads them: resolves aliases and merge keys, and leaves out
 * `!reset`.
 * The tree is undefined for an empty document and for one that is not a mapping.
 */
export function toTree(
  document: Document,
  aliases: Aliases,
  { text, file, lines }: { readonly text: string; readonly file: string; readonly lines: LineCounter },
) {
  const problems: Problem[] = [];
  const openEnd = /[\r\n]$/.test(text) ? undefined : text.length;
  const conversion: Conversion = { aliases, file, lines, problems, dropped: [], open: new Set(), openEnd, expanded: 0 };
  const value = document.contents === null ? null : convert(document.contents, [], conversion);
  const isNothing = value === undefined || (value === null && document.directives?.docStart !== true);
  if (!isNothing && !isTreeMap(value)) {
    const { line, col } = lines.linePos(document.contents?.range?.[0] ?? document.range?.[0] ?? 0);
    const message = `expected a map such as "services:", got ${shownKind(value)}`;
    problems.push({ path: '', message, file, line, column: col });
  }
  return { tree: isTreeMap(value) ? value : undefined, dropped: conversion.dropped, problems };
}

function convert(node: Node, path: Path, conversion: Conversion): Converted {
  if (isAlias(node)) return convertAlias(node, path, conversion);
  if (node.tag === '!reset') return void conversion.dropped.push(path);
  if (node.tag === '!override') conversion.dropped.push(path);
  if (conversion.open.size > 0 && ++conversion.expanded > MAX_EXPANDED) {
    if (conversion.expanded === MAX_EXPANDED + 1) report(node, path, 'aliases expand to too many values', conversion);
    return undefined;
  }
  if (path.length > MAX_DEPTH) return void report(node, path, 'nested too deeply', conversion);
  if (isScalar(node)) return convertScalar(node, path, conversion);
  if (isMap(node)) return convertMap(node.items, path, conversion);
  if (!isSeq(node)) return null;
  const list: Tree[] = [];
  node.items.forEach((item, index) => {
    const value = isPair(item)
      ? convertMap([item], path, conversion)
      : convert(item as Node, [...path, index], conversion);
    if (value !== undefined) list.push(value);
  });
  return list;
}

function convertAlias(alias: Alias, path: Path, conversion: Conversion): Converted {
  const target = conversion.aliases.get(alias);
  if (target === undefined) return void report(alias, path, `unknown anchor "${alias.source}"`, conversion);
  if (conversion.open.has(target))
    return void report(alias, path, `the anchor "${alias.source}" contains itself`, conversion);
  conversion.open.add(target);
  const value = convert(target, path, conversion);
  conversion.open.delete(target);
  return value;
}

function convertScalar(node: Scalar, path: Path, conversion: Conversion): Converted {
  // Not the parsed value: a tag such as !!int may have changed it.
  const source = node.source ?? '';
  const text = endsOpen(node, conversion) ? source.replace(/\n$/, '') : source;
  if (node.tag === undefined && node.type !== 'PLAIN') return text;
  const value = node.tag === undefined ? resolvePlain(text) : resolveTagged(node.tag, text);
  if (typeof value === 'object' && value !== null && 'bad' in value)
    return void report(node, path, String(value.bad), conversion);
  // BadScalar is excluded by now: a scalar is never a mapping or a list.
  return value as Tree;
}

const endsOpen = ({ type, range }: Scalar, { openEnd }: Conversion): boolean =>
  (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') && range?.[1] === openEnd;

function convertMap(items: readonly unknown[], path: Path, conversion: Conversion): TreeMap {
  const map = newMap();
  const lines = new Map<string, number>();
  const merges: Node[] = [];
  for (const item of items) {
    if (!isPair<Node, Node | null>(item)) continue;
    const key = keyOf(item.key, path, conversion);
    if (key === undefined) continue;
    const { line } = conversion.lines.linePos(item.key.range?.[0] ?? 0);
    const earlier = lines.get(key);
    if (earlier !== undefined) {
      report(item.key, [...path, key], `the key "${key}" is already on line ${earlier}`, conversion);
      continue;
    }
    lines.set(key, line);
    if (key === '<<' && isScalar(item.key) && item.key.type === 'PLAIN') {
      if (item.value !== null) merges.push(item.value);
      continue;
    }
    const value = item.value === null ? null : convert(item.value, [...path, key], conversion);
    if (value !== undefined) map[key] = value;
  }
  for (const merge of merges) mergeInto(map, merge, path, conversion);
  return map;
}

function keyOf(key: Node, path: Path, conversion: Conversion): string | undefined {
  const node = isAlias(key) ? conversion.aliases.get(key) : key;
  if (isScalar(node)) {
    const value = convertScalar(node, path, conversion);
    if (typeof value === 'string' || value === undefined) return value;
    return void report(key, path, `the key ${String(value)} must be a string: put it in quotes`, conversion);
  }
  return void report(key, path, 'a key must be a string', conversion);
}

/** The mapping's own keys override merged ones; earlier merges override later ones. */
function mergeInto(map: TreeMap, node: Node, path: Path, conversion: Conversion): void {
  const target = isAlias(node) ? conversion.aliases.get(node) : node;
  const sources = isSeq(target) ? target.items : [node];
  for (const source of sources) {
    // Items of a sequence of nodes are nodes.
    const value = convert(source as Node, path, conversion);
    if (!isTreeMap(value)) {
      if (value !== undefined) report(node, path, 'expected a map or a list of maps after "<<"', conversion);
      continue;
    }
    for (const key in value) if (!(key in map)) map[key] = value[key] ?? null;
  }
}

function report(node: Node, path: Path, message: string, { file, lines, problems }: Conversion): void {
  const { line, col } = lines.linePos(node.range?.[0] ?? 0);
  problems.push({ path: formatPath(path), message, file, line, column: col });
}
